local state, counts, rounds = 1, {[0] = 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0
local function random()
  state = state * 16807 % 2147483647
  return state
end
local function roll()
  local face = random() % 10
  counts[face] = counts[face] + 1
  if face == 0 then rounds = rounds + 1 end
end
for i = 1, 1000000 do roll() end
print(rounds, counts[9], state)
