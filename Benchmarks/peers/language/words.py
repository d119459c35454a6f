stems = ["bird", "wing", "beak", "nest", "song", "egg", "claw", "tail"]
x, lines = 42, []
for i in range(20000):
    line = []
    for j in range(10):
        x = x * 16807 % 2147483647
        line.append(stems[x % 8] + str(x % 100))
    lines.append(" ".join(line))
counts = {}
for line in lines:
    for word in line.split(" "):
        counts[word] = counts.get(word, 0) + 1
words = sorted(counts, key=lambda word: (-counts[word], word))
print(len(words), words[0], counts[words[0]], words[-1], counts[words[-1]])
