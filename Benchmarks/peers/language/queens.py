n = 11
rows, up, down, found = [False] * n, [False] * 2 * n, [False] * 2 * n, 0


def place(column):
    global found
    if column == n:
        found += 1
        return
    for row in range(n):
        if not rows[row] and not up[column + row] and not down[column - row + n]:
            rows[row] = up[column + row] = down[column - row + n] = True
            place(column + 1)
            rows[row] = up[column + row] = down[column - row + n] = False


place(0)
print(found)
