"""The kinds of files that can be imported: each module holds one class, found by itself."""
