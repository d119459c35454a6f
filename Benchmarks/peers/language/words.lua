local stems = {"bird", "wing", "beak", "nest", "song", "egg", "claw", "tail"}
local x, lines = 42, {}
for i = 1, 20000 do
  local line = {}
  for j = 1, 10 do
    x = x * 16807 % 2147483647
    line[#line + 1] = stems[x % 8 + 1] .. tostring(x % 100)
  end
  lines[#lines + 1] = table.concat(line, " ")
end
local counts = {}
for _, line in ipairs(lines) do
  for word in line:gmatch("[^ ]+") do counts[word] = (counts[word] or 0) + 1 end
end
local words = {}
for word in pairs(counts) do words[#words + 1] = word end
table.sort(words, function(a, b) return counts[a] > counts[b] or (counts[a] == counts[b] and a < b) end)
print(#words, words[1], counts[words[1]], words[#words], counts[words[#words]])
