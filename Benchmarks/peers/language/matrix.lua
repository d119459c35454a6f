local n = 120
local function matrix(seed)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[j + 1] = (i * j + seed) % 10 end
    rows[i + 1] = row
  end
  return rows
end
local a, b, c = matrix(3), matrix(5), matrix(0)
for i = 1, n do
  for j = 1, n do
    local sum = 0
    for k = 1, n do sum = sum + a[i][k] * b[k][j] end
    c[i][j] = sum
  end
end
local trace = 0
for i = 1, n do trace = trace + c[i][i] end
print(trace)
