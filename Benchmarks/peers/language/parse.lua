local sub = string.sub
local function skip(p) while p.at <= p.size and sub(p.text, p.at, p.at) == " " do p.at = p.at + 1 end end
local function number(p)
  local value = 0
  while p.at <= p.size and sub(p.text, p.at, p.at) >= "0" and sub(p.text, p.at, p.at) <= "9" do
    value = value * 10 + tonumber(sub(p.text, p.at, p.at))
    p.at = p.at + 1
  end
  return value
end
local sum_of
local function factor(p)
  skip(p)
  if sub(p.text, p.at, p.at) == "(" then
    p.at = p.at + 1
    local value = sum_of(p)
    skip(p)
    p.at = p.at + 1
    return value
  end
  return number(p)
end
local function product(p)
  local value = factor(p)
  skip(p)
  while p.at <= p.size and sub(p.text, p.at, p.at) == "*" do
    p.at = p.at + 1
    value = value * factor(p) % 1000003
    skip(p)
  end
  return value
end
function sum_of(p)
  local value = product(p)
  skip(p)
  while p.at <= p.size and ("+-"):find(sub(p.text, p.at, p.at), 1, true) do
    local isPlus = sub(p.text, p.at, p.at) == "+"
    p.at = p.at + 1
    local other = product(p)
    if isPlus then value = value + other else value = value - other end
    skip(p)
  end
  return value
end
local text = "(1 + 2) * 3 - 4"
for i = 0, 299 do text = text .. " + (12 * (" .. i .. " - 7) - 33 * 2)" end
local total = 0
for i = 1, 20 do total = total + sum_of({text = text, at = 1, size = #text}) end
print(total)
