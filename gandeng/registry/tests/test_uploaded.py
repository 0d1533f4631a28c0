"""A list that was sent is read once: refused in words, and never left behind."""

from uuid import uuid4

import pytest

from gandeng.core.faults import Fault, FileRefused
from gandeng.jobs.work import WorkRefused
from gandeng.registry.staging import upload_folder, uploaded


@pytest.fixture
def upload(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    name = str(uuid4())
    upload_folder(name).mkdir(parents=True)
    (upload_folder(name) / "list.csv").write_text("nik\n")
    return name


def test_it_is_there_while_it_is_read_and_gone_after(upload):
    with uploaded(upload) as folder:
        assert (folder / "list.csv").read_text() == "nik\n"
    assert not folder.exists()


def test_one_that_is_gone_is_said(upload):
    with uploaded(upload):
        pass
    with pytest.raises(WorkRefused, match="Berkasnya sudah tidak ada"), uploaded(upload):
        pytest.fail("read what is not there")


def test_what_is_wrong_with_it_is_said_in_words(upload):
    with pytest.raises(WorkRefused) as refused, uploaded(upload):
        raise FileRefused("sekolah.csv", [Fault("empty_file")])
    assert "sekolah.csv" in str(refused.value)
    assert not upload_folder(upload).exists()


def test_it_goes_whatever_breaks(upload):
    with pytest.raises(ZeroDivisionError), uploaded(upload):
        raise ZeroDivisionError
    assert not upload_folder(upload).exists()
