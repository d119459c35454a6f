local parts = {}
for i = 0, 199999 do parts[#parts + 1] = (i % 7) .. ", " end
local line = table.concat(parts)
local digits, commas = 0, 0
for c in line:gmatch(".") do
  if c == "," then commas = commas + 1 elseif c ~= " " then digits = digits + tonumber(c) end
end
local back = ""
for i = 0, 19999 do back = back .. line:sub(#line - i, #line - i) end
parts = {}
for i = 0, 99999 do parts[#parts + 1] = tostring(i) .. ":" .. string.format("%.14g", i * 0.5) end
print(commas, digits, #back, #table.concat(parts, " "))
