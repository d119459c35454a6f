"""PyTorch's time for a training step by DistributedDataParallel over gloo, to set beside ranks/step.lbk.

    torchrun --nproc-per-node 2 ddp_step.py NET EACH [COUNT]    # one JSON line: median and least of the seconds
    torchrun --nproc-per-node 2 ddp_step.py exchange MILLIONS [COUNT]

NET: vgg-m | resnet18 | small. EACH: records of a batch for each rank. `exchange` is an all-reduce alone.
"""
import json
import os
import sys
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.parallel import DistributedDataParallel

from train_step import resnet18, small, vgg_m


def main():
    net, each, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 8
    dist.init_process_group("gloo")
    rank, ranks = dist.get_rank(), dist.get_world_size()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) >= ranks:
        os.sched_setaffinity(0, {cores[rank]})
    torch.set_num_threads(1)
    torch.manual_seed(0)
    if net == "exchange":
        x = torch.ones(each * 1_000_000)
        work = lambda: dist.all_reduce(x)
        name = f"sum of {each} million"
    else:
        model = DistributedDataParallel({"vgg-m": vgg_m, "resnet18": resnet18, "small": small}[net]())
        x = torch.randn(each, 1, 28, 28) if net == "small" else torch.randn(each, 3, 224, 224)
        y = torch.randint(0, 10, (each,))
        optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4)
        name = f"{net} {each * ranks}"

        def work():
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()

    work()
    work()
    times = []
    for _ in range(count):
        dist.barrier()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    if rank == 0:
        print(json.dumps({"work": name, "ranks": ranks, "s": sorted(times)[count // 2], "least": min(times)}))
    dist.destroy_process_group()


main()
