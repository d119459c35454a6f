known = {1: 1}


def chain(n):
    if n in known:
        return known[n]
    length = 1 + (chain(n // 2) if n % 2 == 0 else chain(3 * n + 1))
    known[n] = length
    return length


best = start = 0
for i in range(1, 100000):
    length = chain(i)
    if length > best:
        best, start = length, i
print(start, best, len(known))
