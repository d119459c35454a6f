local birds = {}
for i = 0, 99999 do birds[#birds + 1] = {id = i, species = i * 7 % 50, weight = i % 90 + 10, seen = 0} end
for round = 0, 4 do
  for _, bird in ipairs(birds) do
    bird.seen = bird.seen + 1
    if bird.weight > 50 then bird.weight = bird.weight - round end
  end
end
local heavy = {}
for _, b in ipairs(birds) do if b.weight > 60 then heavy[#heavy + 1] = b end end
local total, kinds = {}, 0
for _, bird in ipairs(heavy) do
  if not total[bird.species] then kinds = kinds + 1 end
  total[bird.species] = (total[bird.species] or 0) + bird.weight * bird.seen
end
local sum = 0
for species, weight in pairs(total) do sum = sum + species * weight end
print(#heavy, kinds, sum)
