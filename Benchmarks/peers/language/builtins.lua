local sum, word, xs, seen = 0, "plumage", {3, 1, 2}, {[1] = 5, [3] = 2}
local floor, abs, len, rawget, rawlen = math.floor, math.abs, string.len, rawget, rawlen
for i = 0, 499999 do
  sum = sum + floor(i / 3) + abs(3 - i % 7) + len(word)
  sum = sum + (rawget(seen, i % 5) or 1) + rawlen(xs)
  if rawget(seen, i % 7) then sum = sum + 1 end
end
print(sum)
