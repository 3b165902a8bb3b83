"""The register from the command line: `commands` reads what was asked, the files beside it do it."""
