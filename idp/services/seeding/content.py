"""Telling whether two contents are the same."""

import hashlib
import json

from idp.services.seeding.schema import SeedModel


def content_hash(*parts: SeedModel) -> str:
    """A hexadecimal hash of all that the parts say: equal for equal content, however a file is laid out."""
    content = [part.model_dump(mode="json", by_alias=True) for part in parts]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
