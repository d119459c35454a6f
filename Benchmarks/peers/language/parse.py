def skip(p):
    while p["at"] < p["size"] and p["text"][p["at"]] == " ":
        p["at"] += 1


def number(p):
    value = 0
    while p["at"] < p["size"] and "0" <= p["text"][p["at"]] <= "9":
        value = value * 10 + int(p["text"][p["at"]])
        p["at"] += 1
    return value


def factor(p):
    skip(p)
    if p["text"][p["at"]] == "(":
        p["at"] += 1
        value = sum_of(p)
        skip(p)
        p["at"] += 1
        return value
    return number(p)


def product(p):
    value = factor(p)
    skip(p)
    while p["at"] < p["size"] and p["text"][p["at"]] == "*":
        p["at"] += 1
        value = value * factor(p) % 1000003
        skip(p)
    return value


def sum_of(p):
    value = product(p)
    skip(p)
    while p["at"] < p["size"] and p["text"][p["at"]] in "+-":
        is_plus = p["text"][p["at"]] == "+"
        p["at"] += 1
        other = product(p)
        value = value + other if is_plus else value - other
        skip(p)
    return value


text = "(1 + 2) * 3 - 4"
for i in range(300):
    text = f"{text} + (12 * ({i} - 7) - 33 * 2)"
print(sum(sum_of({"text": text, "at": 0, "size": len(text)}) for _ in range(20)))
