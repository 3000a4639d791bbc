"""Takes pictures of the built pages in a browser without a window, for people to look at.

    sphinx-build -W docs build/docs && python docs/look.py build/docs

Each page is taken as a telephone, a laptop and a large screen show it, from its top down, the first
one in the dark as well, to ``build/pictures`` or wherever ``--output`` says. Needs chromium
(Debian: ``apt install chromium``). A page that is wider than its window is reported.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

WIDTHS = (390, 1280, 1920)  # pixels
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def serve(folder: Path) -> http.server.ThreadingHTTPServer:
    """Serve a folder on a free port of this machine."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def browse(browser: str, address: str, *options: str) -> str:
    """Open a page in the browser; no other address than this machine's can be reached."""
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={profile}", "--virtual-time-budget=5000"]
        command += ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", *options, address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def frame(address: str, width: int, height: int, theme: str) -> str:
    """Return a page that shows another one in a window of this size, light or dark.

    The browser's own window can't be as narrow as a telephone.
    """
    return (
        f"<script>localStorage.setItem('theme', '{theme}')</script>"
        '<body style="margin:0"><iframe id="page" style="border:0" '
        f'width="{width}" height="{height}" src="{address}"></iframe><script>'
        "page.onload = () => { const d = page.contentDocument.documentElement; "
        "document.title = d.scrollWidth + ' of ' + d.clientWidth; }</script></body>"
    )


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", type=Path, help="what sphinx-build has made")
    parser.add_argument("--output", type=Path, default=Path("build/pictures"))
    parser.add_argument("--pages", nargs="*", help="without .html (all)")
    parser.add_argument("--height", type=int, default=1600, help="pixels (%(default)s)")
    options = parser.parse_args()
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        raise SystemExit(f"none of {', '.join(CHROMIUM)} is installed")
    options.output.mkdir(parents=True, exist_ok=True)
    pages = options.pages or sorted(page.stem for page in options.site.glob("*.html"))

    with tempfile.TemporaryDirectory() as copied:
        site = Path(copied, "site")
        shutil.copytree(options.site, site)
        server = serve(site)
        root = f"http://127.0.0.1:{server.server_port}"
        looks = [(page, width, "light") for page in pages for width in WIDTHS]
        looks += [(page, 1280, "dark") for page in pages[:1]]
        for page, width, theme in looks:
            (site / "frame.html").write_text(frame(f"{page}.html", width, options.height, theme))
            path = options.output / f"{page}-{width}-{theme}.png"
            window = f"--window-size={max(width, 500)},{options.height}"
            browse(browser, f"{root}/frame.html", f"--screenshot={path}", window)
            title = browse(browser, f"{root}/frame.html", "--dump-dom", window)
            measured = title.partition("<title>")[2].partition("</title>")[0]
            wide, _, narrow = measured.partition(" of ")
            print(path, "WIDER THAN ITS WINDOW" if wide != narrow else "", measured)
        server.shutdown()


if __name__ == "__main__":
    main()
