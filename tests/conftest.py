import shutil

import pytest

from shop import ROOT, Shop


@pytest.fixture
def shop(tmp_path):
    """An empty project in pounds."""
    return Shop(tmp_path / "shop")


@pytest.fixture(scope="session")
def built_once(tmp_path_factory):
    project = Shop(tmp_path_factory.mktemp("built") / "shop").ledger("a,2024-01-09,10")
    project.build()
    return project


@pytest.fixture
def built(built_once, tmp_path):
    """A project of one sale, whose last build was good."""
    shutil.copytree(built_once.folder, tmp_path / "shop", symlinks=True)
    return Shop(tmp_path / "shop", yaml=None)


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory):
    """The example, copied and built once; .report is what the build said. Tests only read it."""
    folder = tmp_path_factory.mktemp("example") / "online-retail"
    shutil.copytree(ROOT / "examples" / "online-retail", folder, ignore=shutil.ignore_patterns(".patron"))
    project = Shop(folder, yaml=None)
    project.report = project.build()
    return project
