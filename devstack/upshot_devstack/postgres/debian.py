"""Extensions out of Debian's packages, without installing anything: unpacked from a .deb that apt has verified.

Debian 13 is the release with Postgres 17, and its plpgsql_check runs on Debian 12 too. apt is told of that release by
the machine's own source, with its own address and keys, in folders of ours, so the system's apt knows nothing of it.
"""

import io
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from upshot_devstack.postgres.packages import FetchError

RELEASE = "trixie"
OS_RELEASE = Path("/etc/os-release")
APT = Path("/etc/apt")
TIMEOUT_SECONDS = 180

_ONE_LINE = re.compile(r"^deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)$")


def extension_files(package: str) -> Mapping[Path, bytes]:
    """The extension's files in a Debian package, as `lib/…` and `extension/…`.

    Raises FetchError where this is no Debian, or apt cannot reach the release.
    """
    identity = _os_release()
    if identity.get("ID") != "debian" or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise FetchError(f"{package} is taken from Debian's packages, and this system is not Debian.")
    source = _source_line(identity.get("VERSION_CODENAME", ""))
    with TemporaryDirectory(prefix="upshot-devstack-apt-") as folder:
        return _unpacked(_download(package, source, Path(folder)))


def _os_release() -> Mapping[str, str]:
    if not OS_RELEASE.is_file():
        return {}
    pairs = (line.partition("=") for line in OS_RELEASE.read_text().splitlines())
    return {name: value.strip('"') for name, _, value in pairs}


def _source_line(codename: str) -> str:
    """The machine's own source of its release, turned to the release that has Postgres 17."""
    for address, signed_by in _sources(codename):
        option = f"[signed-by={signed_by}] " if signed_by else ""
        return f"deb {option}{address} {RELEASE} main\n"
    raise FetchError(f"apt has no source for {codename or 'this release'} from which to derive one for {RELEASE}.")


def _sources(codename: str) -> Iterator[tuple[str, str]]:
    for file in sorted((*APT.glob("sources.list"), *APT.glob("sources.list.d/*.list"))):
        yield from _of_one_line_file(file.read_text(), codename)
    for file in sorted(APT.glob("sources.list.d/*.sources")):
        yield from _of_deb822_file(file.read_text(), codename)


def _of_one_line_file(text: str, codename: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _ONE_LINE.match(line.strip())
        if match and match["suite"] == codename and "main" in match["components"].split():
            options = dict(option.partition("=")[::2] for option in (match["options"] or "").split())
            yield match["uri"], options.get("signed-by", "")


def _of_deb822_file(text: str, codename: str) -> Iterator[tuple[str, str]]:
    for stanza in re.split(r"\n\s*\n", text):
        lines = (line.partition(":") for line in stanza.splitlines() if not line.startswith(("#", " ", "\t")))
        fields = {name.strip().lower(): value.strip() for name, _, value in lines}
        if codename in fields.get("suites", "").split() and "main" in fields.get("components", "").split():
            yield fields.get("uris", "").split()[0], fields.get("signed-by", "")


def _download(package: str, source: str, folder: Path) -> Path:
    for name in ("state/lists/partial", "cache/archives/partial", "parts"):
        (folder / name).mkdir(parents=True)
    (folder / "sources.list").write_text(source)
    (folder / "status").touch()
    options = _apt_options(folder)
    _run(("apt-get", *options, "update"), folder)
    _run(("apt-get", *options, "download", package), folder)
    found = list(folder.glob(f"{package}_*.deb"))
    if not found:
        raise FetchError(f"apt did not bring {package} of {RELEASE}.")
    return found[0]


def _apt_options(folder: Path) -> Sequence[str]:
    settings = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": folder / "parts",
        "Dir::Etc::Preferences": folder / "none",
        "Dir::Etc::PreferencesParts": folder / "parts",
        "Dir::State": folder / "state",
        "Dir::State::Status": folder / "status",
        "Dir::Cache": folder / "cache",
        "Acquire::Languages": "none",
        "APT::Sandbox::User": "",
        "APT::Get::List-Cleanup": "false",
        "Acquire::Retries": "1",
        "Acquire::http::Timeout": "20",
    }
    return [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the system's apt with our own folders
            command, capture_output=True, text=True, check=False, cwd=folder, timeout=TIMEOUT_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"apt gave no answer within {TIMEOUT_SECONDS} s.") from error
    if done.returncode:
        raise FetchError(f"{command[0]} {command[-1]} failed: {done.stderr.strip()[-400:]}")


def _unpacked(archive: Path) -> Mapping[Path, bytes]:
    done = subprocess.run(  # noqa: S603 - dpkg reading the file that apt verified
        ("dpkg-deb", "--fsys-tarfile", str(archive)),  # noqa: S607 - found on the PATH above
        capture_output=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    if done.returncode:
        raise FetchError(f"{archive.name} cannot be unpacked: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as files:
        return dict(_wanted(files))


def _wanted(files: tarfile.TarFile) -> Iterator[tuple[Path, bytes]]:
    for member in files:
        path = PurePosixPath(member.name)
        content = files.extractfile(member) if member.isfile() else None
        if content is not None and path.suffix == ".so" and path.parent.name == "lib":
            yield Path("lib") / path.name, content.read()
        elif content is not None and path.parent.name == "extension":
            yield Path("extension") / path.name, content.read()
