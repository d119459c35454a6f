"""Tests the kernel in JupyterLab, in Chromium.

    python jupyterlab_browser.py LIMBECK [FOLDER FOR SCREENSHOTS]

Opens a notebook, runs all cells, and looks for the output and the picture; while a training runs, asks for it in a
subshell. Needs jupyterlab 4.4 or later, playwright, and chromium.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import TimeoutError, sync_playwright

limbeck = str(pathlib.Path(sys.argv[1]).resolve())
folder = pathlib.Path(tempfile.mkdtemp())
pictures = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else folder)
pictures.mkdir(parents=True, exist_ok=True)
data = folder / "jupyter"
environment = dict(
    os.environ, JUPYTER_DATA_DIR=str(data), JUPYTER_PATH=str(data), JUPYTER_CONFIG_DIR=str(folder / "config"),
    JUPYTER_RUNTIME_DIR=str(folder / "runtime"), LIMBECK_CACHE=str(folder / "cache"))
subprocess.run([limbeck, "kernel", "install"], check=True, stdout=subprocess.DEVNULL, env=environment)

notebook = new_notebook(cells=[
    new_markdown_cell("# In the browser"),
    new_code_cell("let x = 20\nprint(\"x is\", x)\nx + 1"),
    new_code_cell("line([1, 4, 9], title: \"Squares\")"),
    new_code_cell(
        "let d = shapes(400)\nlet g = small_cnn(classes: 4)\n"
        "train(g, d, epochs: 2000)"),
], metadata={"kernelspec": {"name": "limbeck", "display_name": "Limbeck", "language": "limbeck"}})
nbformat.write(notebook, folder / "x.ipynb")

port = 18_000 + os.getpid() % 2_000
server = subprocess.Popen(
    [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
     "--IdentityProvider.token=", "--ServerApp.password=", f"--notebook-dir={folder}",
     "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"],
    cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=(folder / "log").open("w"))
address = f"http://127.0.0.1:{port}"


def await_server():
    for _ in range(240):
        try:
            return urllib.request.urlopen(address + "/api").read()
        except OSError:
            time.sleep(0.25)
    raise SystemExit("JupyterLab did not start:\n" + (folder / "log").read_text())


try:
    await_server()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1300, "height": 1000})
        page.set_default_timeout(40_000)
        page.goto(address + "/lab/tree/x.ipynb?reset")
        page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        page.wait_for_selector("[data-status=idle], .jp-Notebook-ExecutionIndicator[data-status=idle]")
        # JupyterLab may ask for the kernel of a notebook that it has not opened before.
        accept = page.locator(".jp-Dialog .jp-mod-accept")
        page.add_locator_handler(accept, lambda: accept.click())
        page.wait_for_timeout(5_000)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        output = page.locator(".jp-OutputArea-output")
        # A click, which answers a question that came late.
        page.locator(".jp-CodeCell").first.click()
        output.filter(has_text="x is 20").first.wait_for()
        output.filter(has_text="21").first.wait_for()
        picture = page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first
        picture.wait_for()
        print("output and picture are there")
        page.screenshot(path=pictures / "lab-output.png")
        # The training runs: its progress is one display.
        output.filter(has_text="2000").first.wait_for()
        page.screenshot(path=pictures / "lab-training.png")

        # A console in a subshell of the same kernel answers while the training goes on.
        page.evaluate("""async () => {
          window.answer = null
          const session = (await (await fetch('/api/sessions')).json())[0]
          const address = location.origin.replace('http', 'ws') + '/api/kernels/' + session.kernel.id + '/channels'
          const socket = new WebSocket(address)
          const header = (type, more) => ({ msg_id: crypto.randomUUID?.() ?? String(Math.random()), msg_type: type,
            session: 'test', username: '', version: '5.5', date: new Date().toISOString(), ...more })
          const send = (channel, type, content, more = {}) => socket.send(JSON.stringify(
            { channel, header: header(type, more), parent_header: {}, metadata: {}, content }))
          socket.onopen = () => send('control', 'create_subshell_request', {})
          socket.onmessage = (event) => {
            const message = JSON.parse(event.data)
            if (message.header.msg_type === 'create_subshell_reply')
              send('shell', 'execute_request', { code: 'training().epochs', silent: false, store_history: false,
                user_expressions: {}, allow_stdin: false, stop_on_error: true },
                { subshell_id: message.content.subshell_id })
            if (message.header.msg_type === 'execute_result' && message.parent_header.session === 'test')
              window.answer = message.content.data['text/plain']
          }
        }""")
        page.wait_for_function("window.answer !== null")
        answer = page.evaluate("window.answer")
        assert answer == "2000", answer
        print("the subshell answers during the training:", answer)
        page.get_by_role("menuitem", name="Kernel", exact=True).click()
        page.locator("[data-command='kernelmenu:interrupt']").click()
        page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        page.screenshot(path=pictures / "lab-interrupted.png")
        print("the interrupt ends it")
        browser.close()
except TimeoutError:
    print((folder / "log").read_text()[-3000:])
    raise
finally:
    server.terminate()
    server.wait()
    if pictures != folder:
        shutil.rmtree(folder, ignore_errors=True)
