local known, size = {[1] = 1}, 1
local function chain(n)
  if known[n] then return known[n] end
  local length
  if n % 2 == 0 then length = 1 + chain(n // 2) else length = 1 + chain(3 * n + 1) end
  known[n] = length
  size = size + 1
  return length
end
local best, start = 0, 0
for i = 1, 99999 do
  local length = chain(i)
  if length > best then best = length; start = i end
end
print(start, best, size)
