"""Uses the kernel from JupyterLab in Chromium.

    python jupyterlab_browser.py LIMBECK [PICTURES]

A notebook is opened and run: its outputs of every kind are looked for, a cell is completed, help is shown, a training is
interrupted, and while another runs a subshell console asks for `training()`. Needs jupyterlab, playwright and Debian's
chromium. Screenshots are written to the folder PICTURES.
"""
import contextlib
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

limbeck = str(pathlib.Path(sys.argv.pop(1)).resolve())
pictures = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else None
folder = tempfile.mkdtemp()
for name in ["DATA", "CONFIG", "RUNTIME"]:
    os.environ[f"JUPYTER_{name}_DIR"] = f"{folder}/{name.lower()}"
os.environ["HOME"] = folder
subprocess.run([limbeck, "kernel", "install"], check=True, stdout=subprocess.DEVNULL)

CELLS = [
    "let x = 20\nprint(x + 1)",
    "line([1, 4, 9], title: \"Squares\")",
    "show(zeros(3, 8, 8) + 0.5)",
    "table([{method: \"B\", accuracy: 1}, {method: \"CQD\", accuracy: 2}])",
    "1 + \"a\"",
    "let d = shapes(64, size: 16)\nlet g = train(small_cnn(classes: 3), d, epochs: 100000)",
    "x + 2",
]


class Lab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        work = f"{folder}/work"
        os.mkdir(work)
        notebook = new_notebook(cells=[new_markdown_cell("# A notebook of Limbeck")] + [new_code_cell(c) for c in CELLS])
        notebook.metadata["kernelspec"] = {"name": "limbeck", "display_name": "Limbeck", "language": "limbeck"}
        nbformat.write(notebook, f"{work}/x.ipynb")
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            cls.port = s.getsockname()[1]
        cls.log = open(f"{folder}/log", "w")
        cls.lab = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={cls.port}",
             "--IdentityProvider.token=", f"--ServerApp.root_dir={work}", "--ServerApp.disable_check_xsrf=True"],
            stdout=cls.log, stderr=cls.log)
        cls.url = f"http://127.0.0.1:{cls.port}"
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{cls.url}/api/status")
                break
            time.sleep(0.5)
        cls.playwright = sync_playwright().start()
        cls.browser = cls.playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        cls.page = cls.browser.new_page(viewport={"width": 1400, "height": 1600})
        cls.page.set_default_timeout(60_000)
        cls.page.goto(f"{cls.url}/lab/tree/x.ipynb")
        expect(cls.page.locator(".jp-Notebook .jp-CodeCell").first).to_be_visible(timeout=120_000)
        expect(cls.page.get_by_text("Limbeck | Idle")).to_be_visible(timeout=60_000)

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.playwright.stop()
        cls.lab.terminate()
        cls.lab.wait()

    def picture(self, name):
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(pictures / f"{name}.png"))

    def cell(self, i):
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(i)

    def run_cell(self, i):
        self.cell(i).locator(".cm-content").click()
        self.page.keyboard.press("Control+Enter")

    def test_1_outputs(self):
        expect(self.page.locator(".jp-KernelStatus, .jp-Toolbar-kernelName").first).to_contain_text("Limbeck")
        self.run_cell(0)
        expect(self.cell(0).locator(".jp-OutputArea-output")).to_contain_text("21")
        self.run_cell(1)
        expect(self.cell(1).locator(".jp-OutputArea-output svg, .jp-OutputArea-output img").first).to_be_visible()
        self.run_cell(2)
        expect(self.cell(2).locator(".jp-OutputArea-output img").first).to_be_visible()
        self.run_cell(3)
        expect(self.cell(3).locator(".jp-OutputArea-output table")).to_contain_text("CQD")
        self.run_cell(4)
        expect(self.cell(4).locator(".jp-OutputArea-output")).to_contain_text("error")
        self.picture("outputs")

    def test_2_completion_and_help(self):
        self.cell(6).locator(".cm-content").click()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type("\nconfusion_")
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".jp-Completer")).to_contain_text("confusion_chart")
        self.picture("completion")
        self.page.keyboard.press("Enter")
        expect(self.cell(6).locator(".cm-content")).to_contain_text("confusion_chart")
        self.page.keyboard.type("(")
        self.page.keyboard.press("Shift+Tab")
        expect(self.page.locator(".jp-Tooltip")).to_contain_text("confusion_chart")
        self.picture("help")
        self.page.keyboard.press("Escape")
        self.cell(6).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type("x + 2")

    def test_3_training(self):
        self.run_cell(5)
        output = self.cell(5).locator(".jp-OutputArea-output")
        expect(output.first).to_contain_text(re.compile("train \\d+"), timeout=30_000)
        first = output.first.inner_text()
        # A console with a subshell asks while it runs.
        self.page.locator(".jp-Notebook").first.click(button="right", position={"x": 600, "y": 5})
        item = self.page.get_by_text("New Subshell Console for Notebook")
        item.first.click()
        expect(self.page.locator(".jp-CodeConsole-banner")).to_contain_text("limbeck", timeout=30_000)
        prompt = self.page.locator(".jp-CodeConsole-promptCell .cm-content")
        prompt.click()
        self.page.keyboard.type("training()")
        self.page.keyboard.press("Shift+Enter")
        expect(self.page.locator(".jp-CodeConsole-content .jp-OutputArea-output").first).to_contain_text(
            "epoch", timeout=30_000)
        self.picture("subshell")
        self.assertNotEqual(first, output.first.inner_text())
        # It is interrupted, and the next cell runs.
        self.cell(6).locator(".cm-content").click()
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("i")
        self.page.keyboard.press("i")
        expect(self.cell(5).locator(".jp-InputPrompt")).not_to_contain_text("*", timeout=20_000)
        self.run_cell(0)
        expect(self.cell(0).locator(".jp-OutputArea-output")).to_contain_text("21")
        self.picture("interrupted")


if __name__ == "__main__":
    unittest.main(verbosity=2)
