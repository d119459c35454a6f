"""Tests the kernel with Jupyter's own clients.

    python jupyter_clients.py LIMBECK

jupyter_kernel_test sends each message and checks the answers against the protocol; nbclient runs a whole notebook,
with an interrupt and with progress; nbconvert makes a page of it.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

limbeck = str(pathlib.Path(sys.argv.pop(1)).resolve())
folder = tempfile.mkdtemp()
os.environ["JUPYTER_DATA_DIR"] = folder
subprocess.run([limbeck, "kernel", "install"], check=True, stdout=subprocess.DEVNULL)
os.chdir(folder)

import jupyter_kernel_test  # noqa: E402
import nbformat  # noqa: E402
from jupyter_client.manager import start_new_kernel  # noqa: E402
from nbclient import NotebookClient  # noqa: E402
from nbclient.exceptions import CellExecutionError  # noqa: E402
from nbconvert import HTMLExporter  # noqa: E402
import zmq  # noqa: E402
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402


class Messages(jupyter_kernel_test.KernelTests):
    kernel_name = "limbeck"
    language_name = "limbeck"
    file_extension = ".lbk"
    code_hello_world = "print(\"hello, world\")"
    code_execute_result = [{"code": "6 * 7", "result": "42"}]
    code_generate_error = "1 + \"a\""
    code_display_data = [
        {"code": "line([1, 2])", "mime": "image/svg+xml"},
        {"code": "show(zeros(3, 4, 4))", "mime": "image/png"},
        {"code": "table([{a: 1}])", "mime": "text/html"},
    ]
    completion_samples = [{"text": "zero", "matches": {"zeros"}}]
    complete_code_samples = ["1 + 1", "fn f() { 1 }"]
    incomplete_code_samples = ["fn f() {", "[1,"]
    invalid_code_samples = ["let = 1"]
    code_inspect_sample = "distill"
    code_history_pattern = "6*?7"
    supported_history_operations = ("tail", "range", "search")
    code_stderr = "show(zeros(3, 4, 4) + 200)"


class Clients(unittest.TestCase):
    def test_notebook(self):
        notebook = new_notebook(cells=[
            new_markdown_cell("# Title"), new_code_cell("let x = 20\nprint(x)"),
            new_code_cell("fn f(y) { x + y }"), new_code_cell("f(1)"),
            new_code_cell("line([1, 2], title: \"T\")"),
            new_code_cell("let p = progress(0..3)\nfor i in p {\n  let t = clock()\n  while clock() - t < 0.2 { t = t + 0 }\n}\np.finish()"),
            new_code_cell("for i in 0..10000 { print(i) }"),
        ])
        NotebookClient(notebook, kernel_name="limbeck", timeout=60).execute()
        outputs = [cell.get("outputs") for cell in notebook.cells]
        self.assertEqual(outputs[1][0].text, "20\n")
        self.assertEqual(outputs[3][0].data["text/plain"], "21")
        self.assertIn("alt=\"T: line chart", outputs[4][0].data["text/html"])
        self.assertEqual(len(outputs[5]), 1)
        self.assertIn("items/s", outputs[5][0].data["text/plain"])
        text = "".join(output.text for output in outputs[6])
        self.assertEqual(text, "".join(f"{i}\n" for i in range(10000)))
        page, _ = HTMLExporter().from_notebook_node(notebook)
        self.assertIn("alt=\"T: line chart", page)

    def test_error(self):
        notebook = new_notebook(cells=[new_code_cell("let a = [1]\na[4]"), new_code_cell("1")])
        with self.assertRaises(CellExecutionError) as caught:
            NotebookClient(notebook, kernel_name="limbeck", timeout=60).execute()
        self.assertIn("limbeck explain", str(caught.exception))

    def test_interrupt_and_quit(self):
        manager, client = start_new_kernel(kernel_name="limbeck")
        try:
            client.execute("let n = 0\nwhile true { n = n + 1 }")
            time.sleep(1)
            began = time.time()
            manager.interrupt_kernel()
            reply = client.get_shell_msg(timeout=10)
            self.assertEqual(reply["content"]["ename"], "Interrupted")
            self.assertLess(time.time() - began, 1)
            self.assertEqual(client.execute_interactive("n > 0", timeout=10)["content"]["status"], "ok")
            client.execute("quit()")
            for _ in range(50):
                if not manager.is_alive():
                    break
                time.sleep(0.1)
            self.assertFalse(manager.is_alive())
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def test_encryption(self):
        manager, client = start_new_kernel(kernel_name="limbeck", transport_encryption="required")
        try:
            reply = client.execute_interactive("6 * 7", timeout=10)
            self.assertEqual(reply["content"]["status"], "ok")
            self.assertTrue(client.hb_channel.is_beating())
            plain = zmq.Context.instance().socket(zmq.DEALER)
            plain.linger = 0
            plain.connect(f"tcp://{manager.ip}:{manager.shell_port}")
            client.session.send(plain, "kernel_info_request")
            self.assertEqual(plain.poll(1000), 0, "a client without keys is answered")
            plain.close()
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


unittest.main()
