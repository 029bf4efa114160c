"""Make a fresh checkout ready to run: system packages, virtual environment, locked Python packages.

Run by every make target with the machine's own Python (3.11 or newer), so it uses the standard library only.
Finishes at once when nothing has to be done.
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "prepared"

# Shared libraries that Qt loads at run time, and the Debian package that brings each.
LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "fontconfig": "libfontconfig1",
    "freetype": "libfreetype6",
    "dbus-1": "libdbus-1-3",
    "glib-2.0": "libglib2.0-0",
    "xkbcommon": "libxkbcommon0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "X11-xcb": "libx11-xcb1",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-image": "libxcb-image0",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-randr": "libxcb-randr0",
    "xcb-render-util": "libxcb-render-util0",
    "xcb-shape": "libxcb-shape0",
    "xcb-xkb": "libxcb-xkb1",
    "cups": "libcups2",
}
# Programs the tests drive for real, and the package that brings each.
PROGRAMS = {
    "Xvfb": "xvfb",
    "setxkbmap": "x11-xkb-utils",
    "pdftotext": "poppler-utils",
    "soffice": "libreoffice-calc-nogui",
    "cupsd": "cups",
    "lp": "cups-client",
    "gcc": "gcc",
    "pcscd": "pcscd",
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "yaz-client": "yaz",
    "nginx": "nginx-light",
}
# What the tests use beside programs, where it lies, and the package that brings it.
FILES = {
    "/usr/lib/cups/backend/cups-pdf": "printer-driver-cups-pdf",
    "/usr/lib/pcsc/drivers/serial/libifdvpcd.so": "vsmartcard-vpcd",
    "/usr/lib/python3/dist-packages/smartcard": "python3-pyscard",
}
POSTGRESQL_PATHS = map(str, Path("/usr/lib/postgresql").glob("*/bin"))
PROGRAM_PATHS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *POSTGRESQL_PATHS])


def missing_packages(for_tests: bool, for_serving: bool = False) -> list[str]:
    """The Debian packages this machine lacks: for the window, for the tests, for a centre of its own."""
    if not sys.platform.startswith("linux"):
        return []
    missing = [package for library, package in LIBRARIES.items() if not ctypes.util.find_library(library)]
    if shutil.which("ldconfig", path=PROGRAM_PATHS) is None:
        missing = []  # no way to tell on this machine
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if (for_tests or for_serving) and not shutil.which("initdb", path=PROGRAM_PATHS):
        missing.append("postgresql")
    if for_tests:
        missing += [package for program, package in PROGRAMS.items() if not shutil.which(program, path=PROGRAM_PATHS)]
        missing += [package for file, package in FILES.items() if not Path(file).exists()]
    return sorted(set(missing))


def install_packages(packages: list[str]) -> None:
    """Install them when this is root on a Debian family machine, else stop with the exact line to type."""
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if not shutil.which("apt-get") or os.geteuid() != 0:
        sys.exit(f"Some system packages are missing. Please run:\n\n    sudo {line}\n\nand then make again.")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"prepare: {line}", file=sys.stderr)
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment, stdout=sys.stderr)
    subprocess.run(line.split(), check=True, env=environment, stdout=sys.stderr)


def stamp() -> str:
    return f"{sys.version_info[:2]} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"


def make_environment() -> None:
    """A virtual environment holding exactly the packages of requirements.lock, hashes checked."""
    if STAMP.exists() and STAMP.read_text() == stamp():
        return
    print("prepare: making .venv from requirements.lock (a minute or two, once)", file=sys.stderr)
    if Path(sys.prefix).resolve() != VENV.resolve():  # never saw off the branch it sits on
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(LOCK)], check=True, stdout=sys.stderr)
    STAMP.write_text(stamp())


def main() -> None:
    if sys.version_info < (3, 11):
        sys.exit("Pishkhan needs Python 3.11 or newer.")
    packages = missing_packages(for_tests="--tests" in sys.argv, for_serving="--serving" in sys.argv)
    if packages:
        install_packages(packages)
    make_environment()


if __name__ == "__main__":
    main()
