def fannkuch(n):
    p, count, most, r = list(range(n)), [0] * n, 0, n
    while True:
        while r > 1:
            count[r - 1] = r
            r -= 1
        q, flips = p[:], 0
        first = q[0]
        while first != 0:
            low, high = 0, first
            while low < high:
                q[low], q[high] = q[high], q[low]
                low += 1
                high -= 1
            flips += 1
            first = q[0]
        if flips > most:
            most = flips
        while True:
            if r == n:
                return most
            head = p[0]
            for i in range(r):
                p[i] = p[i + 1]
            p[r] = head
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1


print(fannkuch(8))
