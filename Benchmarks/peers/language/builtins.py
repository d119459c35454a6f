import math

total, word, xs, seen = 0, "plumage", [3, 1, 2], {1: 5, 3: 2}
for i in range(500000):
    total += math.floor(i / 3) + abs(3 - i % 7) + len(word)
    total += seen.get(i % 5, 1) + len(xs)
    if i % 7 in seen:
        total += 1
print(total)
