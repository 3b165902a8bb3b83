"""publiccode.yml keeps to the fields of its standard (version 0.4), and says nothing that the house does not."""

import tomllib
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.house import reading

NEEDED = {
    *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"),
    *("description", "legal", "maintenance", "localisation"),
}
OPTIONAL = {"softwareVersion", "releaseDate", "categories", "intendedAudience", "dependsOn", "landingURL"}
CATEGORIES = {  # those of the standard's list that could fit a platform of councils
    *("business-process-management", "contact-management", "crm", "customer-service-and-support"),
    *(
        "digital-citizenship",
        "document-management",
        "help-desk",
        "identity-management",
        "it-service-management",
    ),
    *("local-government", "service-desk", "task-management", "workflow-management"),
}


@pytest.fixture
def said() -> Any:
    return YAML(typ="safe").load((reading.ROOT / "publiccode.yml").read_text())


class TestThePubliccodeFile:
    def test_has_the_fields_that_are_needed_and_no_others(self, said: Any) -> None:
        assert NEEDED <= said.keys() <= NEEDED | OPTIONAL

    def test_chooses_from_the_lists_of_the_standard(self, said: Any) -> None:
        assert set(said["categories"]) <= CATEGORIES
        assert said["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
        assert said["softwareType"] == "standalone/web"
        assert said["maintenance"]["type"] in {"internal", "contract", "community", "none"}

    def test_describes_the_house_at_the_length_that_is_asked_for(self, said: Any) -> None:
        words = said["description"]["en"]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert all(len(feature) <= 100 for feature in words["features"])

    def test_agrees_with_the_package(self, said: Any) -> None:
        project = tomllib.loads((reading.ROOT / "pyproject.toml").read_text())["project"]
        assert said["legal"]["license"] == project["license"]
        assert said["description"]["en"]["shortDescription"] == project["description"]
