# In a function, where CPython appends to a string in place.
def main():
    line = ""
    for i in range(200000):
        line += f"{i % 7}, "
    digits = commas = 0
    for c in line:
        if c == ",":
            commas += 1
        elif c != " ":
            digits += int(c)
    back = ""
    for i in range(20000):
        back = back + line[len(line) - 1 - i]
    parts = []
    for i in range(100000):
        parts.append(str(i) + ":" + f"{i * 0.5:.14g}")
    print(commas, digits, len(back), len(" ".join(parts)))


main()
