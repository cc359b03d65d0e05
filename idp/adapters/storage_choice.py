"""Which storage the deployment's settings name: asked here by the web, the workers and the commands."""

from functools import lru_cache
from pathlib import Path

from idp.adapters.object_storage import Bucket, ObjectStorage
from idp.adapters.storage import LocalFolder, Storage
from idp.config import Settings


def storage_for(settings: Settings) -> Storage:
    """The bucket where one is named, else the folder. Drafts lie in the folder either way."""
    if not settings.s3_bucket:
        return LocalFolder(settings.storage_dir)
    bucket = Bucket(
        settings.s3_endpoint,
        settings.s3_bucket,
        settings.s3_region,
        settings.s3_key_id,
        settings.s3_secret,
    )
    return _object_storage(bucket, settings.storage_dir)


@lru_cache(maxsize=8)
def _object_storage(bucket: Bucket, drafts: Path) -> ObjectStorage:
    """One for each process: its connections are used again, by many threads at once."""
    return ObjectStorage(bucket, drafts)
