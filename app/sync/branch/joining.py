"""Enrolment over the network: who answers there is proven before the one-time code is sent (sync-protocol 17)."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from app.sync.branch.enrolling import EnrolledHere, ask_who, enrol, is_fingerprint_of
from app.sync.branch.http_line import HttpLine, checked_url
from app.sync.line import LineLostError, UntrustedError
from app.sync.wire import Enrolled
from db.act import Act
from db.trouble import Trouble


def join(
    library: Library, url: str, code: str, key: Ed25519PrivateKey, act: Act, fingerprint: str = ""
) -> EnrolledHere | Refused:
    """Enrol at the centre of this address; code and fingerprint as typed.

    With a fingerprint the centre is asked first who it is, and the code goes only to whoever holds the certificate that
    the fingerprinted key vouches for. Without one the certificate must be one the computer believes anyhow. Raises
    Trouble P-2412 (the address), P-2415 (somebody else answers), P-2416 (no line), P-2417 (no centre).
    """
    address = checked_url(url)
    try:
        certificates = None
        if fingerprint:
            said = _who(library, address, key)
            if isinstance(said, Refused):
                return said
            if not is_fingerprint_of(said.signing_key, fingerprint):
                return Refused((Refusal("enrol.fingerprint"),))
            certificates = said.certificates or None
        with HttpLine(address, certificates) as line:
            return enrol(library, address, code, line, key, act, fingerprint)
    except UntrustedError as error:
        if fingerprint:
            raise Trouble("P-2415") from error
        return Refused((Refusal("enrol.unproven"),))
    except LineLostError as error:
        raise Trouble("P-2416") from error


def _who(library: Library, url: str, key: Ed25519PrivateKey) -> Enrolled | Refused:
    with HttpLine(url, unproven=True) as line:
        return ask_who(library, line, key)
