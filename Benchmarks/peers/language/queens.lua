local n, rows, up, down, found = 11, {}, {}, {}, 0
for i = 0, n - 1 do rows[i] = false end
for i = 0, 2 * n - 1 do up[i] = false; down[i] = false end
local function place(column)
  if column == n then found = found + 1; return end
  for row = 0, n - 1 do
    if not rows[row] and not up[column + row] and not down[column - row + n] then
      rows[row] = true; up[column + row] = true; down[column - row + n] = true
      place(column + 1)
      rows[row] = false; up[column + row] = false; down[column - row + n] = false
    end
  end
end
place(0)
print(found)
