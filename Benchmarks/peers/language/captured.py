state, counts, rounds = 1, [0] * 10, 0


def random():
    global state
    state = state * 16807 % 2147483647
    return state


def roll():
    global rounds
    face = random() % 10
    counts[face] += 1
    if face == 0:
        rounds += 1


for i in range(1000000):
    roll()
print(rounds, counts[9], state)
