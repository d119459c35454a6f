local function fannkuch(n)
  local p, count = {}, {}
  for i = 0, n - 1 do p[i] = i; count[i] = 0 end
  local most, r = 0, n
  while true do
    while r > 1 do count[r - 1] = r; r = r - 1 end
    local q = {}
    for i = 0, n - 1 do q[i] = p[i] end
    local flips, first = 0, q[0]
    while first ~= 0 do
      local low, high = 0, first
      while low < high do
        q[low], q[high] = q[high], q[low]
        low = low + 1; high = high - 1
      end
      flips = flips + 1
      first = q[0]
    end
    if flips > most then most = flips end
    while true do
      if r == n then return most end
      local head = p[0]
      for i = 0, r - 1 do p[i] = p[i + 1] end
      p[r] = head
      count[r] = count[r] - 1
      if count[r] > 0 then break end
      r = r + 1
    end
  end
end
print(fannkuch(8))
