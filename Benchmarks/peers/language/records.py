birds = []
for i in range(100000):
    birds.append({"id": i, "species": i * 7 % 50, "weight": i % 90 + 10, "seen": 0})
for round in range(5):
    for bird in birds:
        bird["seen"] += 1
        if bird["weight"] > 50:
            bird["weight"] = bird["weight"] - round
heavy = [b for b in birds if b["weight"] > 60]
total = {}
for bird in heavy:
    total[bird["species"]] = total.get(bird["species"], 0) + bird["weight"] * bird["seen"]
total_sum = 0
for species, weight in total.items():
    total_sum += species * weight
print(len(heavy), len(total), total_sum)
