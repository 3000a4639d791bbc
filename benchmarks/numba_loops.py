"""The notebook's training loop for numba, twice; importing this needs numba.

``ids`` holds all names, each ended by the newline: name k is ``ids[starts[k] : starts[k + 1]]``.
The parameters are trained in place.
"""

import numpy as np
from numba import njit


@njit
def plain_loops(ids, starts, Wax, Waa, Wya, b, by, iterations, lr, limit):
    """Train with the equations written down as loops, each sum in the innermost one."""
    n_a, n_x = Wax.shape
    n_y = Wya.shape[0]
    longest = np.max(starts[1:] - starts[:-1])
    a = np.zeros((longest + 1, n_a))  # a[0] is the state before the name
    y = np.zeros((longest, n_y))
    dWax, dWaa, dWya = np.zeros((n_a, n_x)), np.zeros((n_a, n_a)), np.zeros((n_y, n_a))
    db, dby = np.zeros(n_a), np.zeros(n_y)
    dz, da_next = np.zeros(n_a), np.zeros(n_a)
    loss = 0.0
    for j in range(iterations):
        name = j % (starts.size - 1)
        first, steps = starts[name], starts[name + 1] - starts[name]

        for t in range(steps):
            for i in range(n_a):
                z = b[i]
                if t > 0:
                    z += Wax[i, ids[first + t - 1]]
                for k in range(n_a):
                    z += Waa[i, k] * a[t, k]
                a[t + 1, i] = np.tanh(z)
            largest = -np.inf
            for i in range(n_y):
                z = by[i]
                for k in range(n_a):
                    z += Wya[i, k] * a[t + 1, k]
                y[t, i] = z
                largest = max(largest, z)
            total = 0.0
            for i in range(n_y):
                y[t, i] = np.exp(y[t, i] - largest)
                total += y[t, i]
            for i in range(n_y):
                y[t, i] /= total
            loss -= np.log(y[t, ids[first + t]])

        dWax[:], dWaa[:], dWya[:], db[:], dby[:], da_next[:] = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for t in range(steps - 1, -1, -1):
            y[t, ids[first + t]] -= 1.0
            for i in range(n_y):
                dby[i] += y[t, i]
                for k in range(n_a):
                    dWya[i, k] += y[t, i] * a[t + 1, k]
                    da_next[k] += Wya[i, k] * y[t, i]
            for i in range(n_a):
                dz[i] = (1.0 - a[t + 1, i] * a[t + 1, i]) * da_next[i]
                db[i] += dz[i]
                if t > 0:
                    dWax[i, ids[first + t - 1]] += dz[i]
            da_next[:] = 0.0
            for i in range(n_a):
                for k in range(n_a):
                    dWaa[i, k] += dz[i] * a[t, k]
                    da_next[k] += Waa[i, k] * dz[i]

        for i in range(n_a):
            b[i] -= lr * min(max(db[i], -limit), limit)
            for k in range(n_x):
                Wax[i, k] -= lr * min(max(dWax[i, k], -limit), limit)
            for k in range(n_a):
                Waa[i, k] -= lr * min(max(dWaa[i, k], -limit), limit)
        for i in range(n_y):
            by[i] -= lr * min(max(dby[i], -limit), limit)
            for k in range(n_a):
                Wya[i, k] -= lr * min(max(dWya[i, k], -limit), limit)
        a[0] = a[steps]
    return loss


@njit
def turned_loops(ids, starts, Wax, Waa, Wya, b, by, iterations, lr, limit):
    """Train with loops turned so that they vectorise: the innermost adds a row times a number.

    What goes forward needs the weights transposed for that. Wax is transposed throughout.
    """
    n_a, n_x = Wax.shape
    n_y = Wya.shape[0]
    longest = np.max(starts[1:] - starts[:-1])
    a = np.zeros((longest + 1, n_a))  # a[0] is the state before the name
    y = np.zeros((longest, n_y))
    rows = np.ascontiguousarray(Wax.T)
    columns, out_columns = np.empty((n_a, n_a)), np.empty((n_a, n_y))
    d_rows, dWaa, dWya = np.zeros((n_x, n_a)), np.zeros((n_a, n_a)), np.zeros((n_y, n_a))
    db, dby = np.zeros(n_a), np.zeros(n_y)
    dz, da_next = np.zeros(n_a), np.zeros(n_a)
    loss = 0.0
    for j in range(iterations):
        name = j % (starts.size - 1)
        first, steps = starts[name], starts[name + 1] - starts[name]
        for i in range(n_a):
            for k in range(n_a):
                columns[k, i] = Waa[i, k]
        for i in range(n_y):
            for k in range(n_a):
                out_columns[k, i] = Wya[i, k]

        for t in range(steps):
            now, before = a[t + 1], a[t]
            now[:] = b
            if t > 0:
                now += rows[ids[first + t - 1]]
            for k in range(n_a):
                factor = before[k]
                for i in range(n_a):
                    now[i] += columns[k, i] * factor
            for i in range(n_a):
                now[i] = np.tanh(now[i])
            out = y[t]
            out[:] = by
            for k in range(n_a):
                factor = now[k]
                for i in range(n_y):
                    out[i] += out_columns[k, i] * factor
            largest = np.max(out)
            total = 0.0
            for i in range(n_y):
                out[i] = np.exp(out[i] - largest)
                total += out[i]
            for i in range(n_y):
                out[i] /= total
            loss -= np.log(out[ids[first + t]])

        d_rows[:], dWaa[:], dWya[:], db[:], dby[:], da_next[:] = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        for t in range(steps - 1, -1, -1):
            now, before, dy = a[t + 1], a[t], y[t]
            dy[ids[first + t]] -= 1.0
            dby += dy
            for i in range(n_y):
                factor = dy[i]
                for k in range(n_a):
                    dWya[i, k] += factor * now[k]
                for k in range(n_a):
                    da_next[k] += Wya[i, k] * factor
            for k in range(n_a):
                dz[k] = (1.0 - now[k] * now[k]) * da_next[k]
            db += dz
            if t > 0:
                d_rows[ids[first + t - 1]] += dz
            da_next[:] = 0.0
            for i in range(n_a):
                factor = dz[i]
                for k in range(n_a):
                    dWaa[i, k] += factor * before[k]
                for k in range(n_a):
                    da_next[k] += Waa[i, k] * factor

        for i in range(n_x):
            for k in range(n_a):
                rows[i, k] -= lr * min(max(d_rows[i, k], -limit), limit)
        for i in range(n_a):
            for k in range(n_a):
                Waa[i, k] -= lr * min(max(dWaa[i, k], -limit), limit)
        for i in range(n_y):
            for k in range(n_a):
                Wya[i, k] -= lr * min(max(dWya[i, k], -limit), limit)
        for k in range(n_a):
            b[k] -= lr * min(max(db[k], -limit), limit)
        for i in range(n_y):
            by[i] -= lr * min(max(dby[i], -limit), limit)
        a[0] = a[steps]
    Wax[:] = rows.T
    return loss
