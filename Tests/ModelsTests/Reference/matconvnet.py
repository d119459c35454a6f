"""Small networks of MatConvNet's layout for MatConvNetTests.swift, written to ../Data, and what PyTorch gives for them,
written to ../MatConvNetConstants.swift.

    python matconvnet.py        # needs scipy, hdf5storage and torch
"""

import os

import hdf5storage
import numpy as np
import scipy.io as sio
import torch
import torch.nn.functional as F

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "Data")
HEIGHT, WIDTH = 24, 20
random = np.random.default_rng(13)


def draw(*shape, scale=None):
    scale = scale or 1 / np.sqrt(np.prod(shape[:3]))
    return np.float32(random.normal(0, scale, shape))


def cell(items):
    row = np.empty((1, len(items)), object)
    for i, item in enumerate(items):
        row[0, i] = item
    return row


def layer(kind, name, **fields):
    return dict(type=kind, name=name, **fields)


def conv(name, *shape, **fields):
    weights = cell([draw(*shape), draw(1, shape[-1], scale=0.1)])
    return layer("conv", name, weights=weights, **fields)


MOMENTS = np.float32(np.stack([random.normal(0, 0.1, 8), random.uniform(0.5, 1.5, 8)], 1))
LAYERS = [
    conv("conv1", 3, 3, 3, 8, pad=np.array([[1, 0, 2, 1]]), stride=np.array([[2, 1]])),
    layer("relu", "relu1"),
    layer("lrn", "norm1", param=np.array([[5, 2, 0.1, 0.75]])),
    layer("pool", "pool1", method="max", pool=np.array([[3, 2]]), stride=2, pad=np.array([[0, 1, 0, 1]])),
    conv("conv2", 3, 3, 4, 8, pad=1, stride=1, dilate=np.array([[1, 2]])),
    layer("relu", "relu2", leak=0.1),
    layer("pool", "pool2", method="avg", pool=np.array([[3, 3]]), stride=np.array([[2, 2]]), pad=1),
    layer("bnorm", "bn2", weights=cell([draw(8, 1, scale=1), draw(8, 1, scale=1), MOMENTS]), epsilon=1e-4),
    conv("fc6", 3, 5, 8, 6, pad=0, stride=np.array([[1, 1]])),
    layer("relu", "relu6", leak=0, weights=cell([])),
    layer("dropout", "dropout6", rate=0.5),
    conv("fc8", 1, 1, 6, 5, pad=np.zeros((1, 4)), stride=1, opts=cell([])),
    layer("softmax", "prob"),
]
CHANNELS = np.float32([123.5, 116.75, 104])
IMAGE = np.float32(random.uniform(90, 140, (HEIGHT, WIDTH, 3)))
NAMES = ["n%d" % i for i in range(5)]
CLASSES = dict(name=cell(NAMES), description=cell(["class %d, also called %d" % (i, i) for i in range(5)]))


def pattern(channels, height, width):
    i = np.arange(channels * height * width)
    return np.float32(i * 37 % 101 / 100).reshape(1, channels, height, width)


def four(pad):
    pad = [int(x) for x in np.ravel(pad)]
    return pad * 4 if len(pad) == 1 else pad


def two(x):
    x = [int(v) for v in np.ravel(x)]
    return x * 2 if len(x) == 1 else x


def padded(x, one, value=0.0):
    top, bottom, left, right = four(one.get("pad", 0))
    return F.pad(x, (left, right, top, bottom), value=value)


def run(layers, x):
    for one in layers:
        kind = one["type"]
        if kind == "conv":
            filters, biases = one["weights"][0]
            while filters.ndim < 4:
                filters = filters[..., None]
            filters = torch.from_numpy(np.ascontiguousarray(filters.transpose(3, 2, 0, 1)))
            x = F.conv2d(padded(x, one), filters, torch.from_numpy(biases.ravel()), stride=two(one.get("stride", 1)),
                         dilation=two(one.get("dilate", 1)), groups=x.shape[1] // filters.shape[1])
        elif kind == "relu":
            x = F.leaky_relu(x, one.get("leak", 0))
        elif kind == "lrn":
            n, kappa, alpha, beta = one["param"].ravel()
            x = F.local_response_norm(x, int(n), alpha * n, beta, kappa)
        elif kind == "pool" and one["method"] == "max":
            x = F.max_pool2d(padded(x, one, -np.inf), two(one["pool"]), two(one["stride"]))
        elif kind == "pool":
            sums = F.avg_pool2d(padded(x, one), two(one["pool"]), two(one["stride"]))
            x = sums / F.avg_pool2d(padded(torch.ones_like(x), one), two(one["pool"]), two(one["stride"]))
        elif kind == "bnorm":
            scale, shift, moments = (torch.from_numpy(w) for w in one["weights"][0])
            x = (x - moments[:, 0, None, None]) / moments[:, 1, None, None] * scale.view(-1, 1, 1) + shift.view(-1, 1, 1)
    return x


def output(layers, channels, average, height=HEIGHT, width=WIDTH):
    image = torch.from_numpy(pattern(channels, height, width)) * 255
    average = np.float32(average)
    average = average.reshape(-1, 1, 1) if average.size == channels else \
        average.reshape(height, width, channels).transpose(2, 0, 1)
    return run(layers, image - torch.from_numpy(np.ascontiguousarray(average))[None]).numpy().ravel()


def normalization(average):
    return dict(imageSize=np.array([[HEIGHT, WIDTH, 3]]), averageImage=average, interpolation="bicubic",
                keepAspect=True, border=np.array([[32, 32]]), cropSize=np.array([[0.875, 0.875]]))


def save(name, variables, packed=False):
    path = os.path.join(OUT, name)
    sio.savemat(path, variables, do_compression=packed, oned_as="row")
    with open(path, "r+b") as file:
        file.write(b"MATLAB 5.0 MAT-file, made by matconvnet.py".ljust(116))


constants = {}

# A released network of today: its fields are the variables.
save("released.mat", dict(
    layers=cell(LAYERS), meta=dict(normalization=normalization(IMAGE), classes=CLASSES)))
constants["image"] = output(LAYERS, 3, IMAGE)

# One that somebody trained, packed: a variable net, beside others; the loss is still there, with what it was given.
trained = LAYERS[:-1] + [layer("softmaxloss", "loss", **{"class": np.array([[1, 2, 3]])})]
save("trained.mat", dict(
    net=dict(layers=cell(trained), meta=dict(normalization=normalization(CHANNELS.reshape(1, 1, 3)))),
    state=dict(momentum=cell([])), stats=dict(train=np.array([[0.5]]))), packed=True)
constants["channels"] = output(LAYERS, 3, CHANNELS)

# An old one, with the fields of old versions and the image of imagenet-matconvnet-*.
old = []
for one in LAYERS:
    one = dict(one)
    if one["type"] == "conv":
        one["filters"], one["biases"] = one.pop("weights")[0]
    if one["type"] == "lrn":
        one["type"] = "normalize"
    old.append(one)
save("old.mat", dict(
    layers=cell(old), normalization=normalization(CHANNELS.reshape(3, 1)), classes=CLASSES))

# The same in HDF5, written by hdf5storage.
path = os.path.join(OUT, "trained73.mat")
if os.path.exists(path):
    os.remove(path)


def lean(value):
    """hdf5storage takes lists as cells."""
    if isinstance(value, dict):
        return {k: lean(v) for k, v in value.items()}
    if isinstance(value, np.ndarray) and value.dtype == object:
        out = np.empty(value.shape, object)
        for i in np.ndindex(value.shape):
            out[i] = lean(value[i])
        return out
    return value


hdf5storage.savemat(path, lean(dict(
    net=dict(layers=cell(trained), meta=dict(normalization=normalization(CHANNELS.reshape(1, 1, 3)))))),
    format="7.3", store_python_metadata=False, oned_as="row")

# A grey one, whose single output leaves no fourth axis of the filters.
grey = [
    conv("a", 3, 3, 1, 4, pad=1), layer("sigmoid", "s"),
    layer("conv", "b", weights=cell([draw(3, 3, 4), draw(1, 1, scale=1)]), pad=1),
]
average = random.uniform(50, 200, (9, 7))
save("grey.mat", dict(net=dict(layers=cell(grey), meta=dict(normalization=dict(averageImage=average)))))
x = torch.from_numpy(pattern(1, 9, 7)) * 255 - torch.from_numpy(np.float32(average))[None, None]
constants["grey"] = run([grey[2]], torch.sigmoid(run([grey[0]], x))).numpy().ravel()[:12]


def struct_array(rows):
    array = np.empty((1, len(rows)), [(name, object) for name in rows[0]])
    for i, row in enumerate(rows):
        for name, value in row.items():
            array[name][0, i] = value
    return array


# The same network as a DagNN. Its layers are not in the order in which they run.
BLOCKS = {"conv": "Conv", "relu": "ReLU", "lrn": "LRN", "pool": "Pooling", "bnorm": "BatchNorm", "dropout": "DropOut",
          "softmax": "SoftMax"}
rows, parameters, variable = [], [], "input"
for i, one in enumerate(LAYERS):
    block = {("poolSize" if k == "pool" else k): v for k, v in one.items() if k not in ("type", "name", "weights")}
    names = []
    for end, value in zip("fbm", one["weights"][0] if one.get("weights", cell([])).size else []):
        names.append(one["name"] + end)
        parameters.append(dict(name=names[-1], value=value, learningRate=1.0, weightDecay=1.0))
    following = "x%d" % i
    rows.append(dict(name=one["name"], type="dagnn." + BLOCKS[one["type"]], inputs=cell([variable]),
                     outputs=cell([following]), params=cell(names), block=block or np.zeros((0, 0))))
    variable = following
rows.append(dict(name="objective", type="dagnn.Loss", inputs=cell([variable, "label"]), outputs=cell(["objective"]),
                 params=cell([]), block=dict(loss="log")))
rows = rows[6:] + rows[:6]
names = ["input", "label", "objective"] + ["x%d" % i for i in range(len(LAYERS))]
dag = dict(vars=struct_array([dict(name=n, precious=0.0) for n in names]), params=struct_array(parameters),
           layers=struct_array(rows), meta=dict(normalization=normalization(CHANNELS.reshape(3, 1)), classes=CLASSES))
save("graph.mat", dict(net=dag, state=np.zeros((0, 0)), stats=np.zeros((0, 0))), packed=True)

# A graph with branches: the sum of two convolutions of the input, joined with the first one.
first, second, third = (conv(name, *shape, pad=1) for name, shape in (
    ("first", (3, 3, 3, 4)), ("second", (3, 3, 3, 4)), ("third", (3, 3, 8, 2))))
rows, parameters = [], []
for one, read, written in ((third, "joined", "y"), (first, "x", "a"), (second, "x", "b")):
    names = [one["name"] + "_f", one["name"] + "_b"]
    parameters += [dict(name=name, value=value) for name, value in zip(names, one["weights"][0])]
    rows.append(dict(name=one["name"], type="dagnn.Conv", inputs=cell([read]), outputs=cell([written]),
                     params=cell(names), block=dict(pad=1, hasBias=True)))
for name, kind, read, written in (("sum", "Sum", ["a", "b"], "s"), ("join", "Concat", ["s", "a"], "joined")):
    rows.append(dict(name=name, type="dagnn." + kind, inputs=cell(read), outputs=cell([written]), params=cell([]),
                     block=dict(dim=3)))
save("branches.mat", dict(net=dict(
    vars=struct_array([dict(name=name) for name in ("x", "a", "b", "s", "joined", "y")]),
    params=struct_array(parameters), layers=struct_array(rows), meta=np.zeros((0, 0)))))
x = torch.from_numpy(pattern(3, 4, 5))
a, b = run([first], x), run([second], x)
constants["branches"] = run([third], torch.cat([a + b, a], 1)).numpy().ravel()[:10]

with open(os.path.join(HERE, "..", "MatConvNetConstants.swift"), "w") as file:
    file.write("/// What PyTorch gives for the networks in Data, by Reference/matconvnet.py.\nenum MatConvNetConstants {\n")
    for name, values in constants.items():
        text = ", ".join("%.7g" % v for v in values)
        lines, line = [], "   "
        for word in text.split(" "):
            if len(line) + 1 + len(word) > 98:
                lines.append(line)
                line = "   "
            line += " " + word
        lines.append(line + ",")
        file.write("  static let %s: [Float] = [\n%s\n  ]\n" % (name, "\n".join(lines)))
    file.write("}\n")
