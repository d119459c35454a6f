n = 120


def matrix(seed):
    return [[(i * j + seed) % 10 for j in range(n)] for i in range(n)]


a, b, c = matrix(3), matrix(5), matrix(0)
for i in range(n):
    for j in range(n):
        total = 0
        for k in range(n):
            total += a[i][k] * b[k][j]
        c[i][j] = total
print(sum(c[i][i] for i in range(n)))
