"""Pictures in documents that are made, not stored: the only place that knows segno."""

import segno


def qr_picture(address: str) -> str:
    """Return a QR code (ISO/IEC 18004, correction M) of an address as inline SVG; it brings no file and no network."""
    code = segno.make_qr(address, error="m")
    return code.svg_inline(border=0, dark="#0a3a44", omitsize=True)
