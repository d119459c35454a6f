def make(depth):
    return [None, None] if depth == 0 else [make(depth - 1), make(depth - 1)]


def count(tree):
    return 1 if tree[0] is None else 1 + count(tree[0]) + count(tree[1])


print(sum(count(make(13)) for _ in range(20)))
