#!/usr/bin/env bash
# ipykernel 7.4.0 has subshells so that a front end can work while a cell runs. A front end that connects during a cell
# learns of them too late: it asks what the kernel is (`kernel_info_request` on the shell channel), and has the answer, in
# which `supported_features` names them, only after the cell has ended. The same request is answered at once on the
# control channel, and on the shell channel with the id of a subshell, which the front end does not know that it may create.
# JupyterLab 4.6.6 asks on the shell channel first, so a "New Subshell Console for Notebook" that is opened during a cell waits.
#
# Expected: what needs nothing of the cell is answered at once on each of the three ways.
#
# Observed on 2026-11-30, a cell that sleeps for 6 s, asked 1 s later: control 0.0 s, subshell 0.0 s, shell 5.0 s.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" -q install ipykernel==7.4.0 jupyter_client==8.10.0
JUPYTER_DATA_DIR="$work/data" "$work/venv/bin/python" - 2>"$work/log" <<'END' || { cat "$work/log"; exit 1; }
import time
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

manager, first = start_new_kernel(kernel_name="python3")


def seconds(channel, subshell=False):
    """Runs a cell of 6 s, connects after 1 s, and asks what the kernel is."""
    first.execute("import time; time.sleep(6)")
    time.sleep(1)
    client = BlockingKernelClient(connection_file=manager.connection_file)
    client.load_connection_file()
    client.start_channels()
    request = client.session.msg("kernel_info_request", {})
    if subshell:
        client.control_channel.send(client.session.msg("create_subshell_request", {}))
        request["header"]["subshell_id"] = client.get_control_msg(timeout=5)["content"]["subshell_id"]
    start = time.time()
    getattr(client, f"{channel}_channel").send(request)
    reply = getattr(client, f"get_{channel}_msg")(timeout=20)
    taken = time.time() - start
    assert reply["msg_type"] == "kernel_info_reply", reply
    assert "kernel subshells" in reply["content"]["supported_features"]
    client.stop_channels()
    first.get_shell_msg(timeout=20)
    return taken


found = {"control": seconds("control"), "subshell": seconds("shell", subshell=True), "shell": seconds("shell")}
manager.shutdown_kernel(now=True)
print({name: round(taken, 1) for name, taken in found.items()})
assert found["control"] < 2 and found["subshell"] < 2 and found["shell"] > 3, "it is no longer as observed"
print("as observed")
END
