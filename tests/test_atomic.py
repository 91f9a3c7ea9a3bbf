"""A file is written whole or not at all, where the user said, and nowhere else."""

import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

from claimtrack import atomic
from claimtrack.atomic import TEMPORARY, ChangedMeanwhileError, Folder, Writing, place_of, write

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
LEFTOVER = f".claimtrack-{'0' * 32}.new"


def names(folder):
    return sorted(one.name for one in folder.iterdir())


class TestOneFile:
    def test_a_new_file_has_the_mode_of_the_umask(self, tmp_path):
        before = os.umask(0o027)
        try:
            write(tmp_path / "a", b"new")
        finally:
            os.umask(before)

        assert (tmp_path / "a").read_bytes() == b"new"
        assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
        assert names(tmp_path) == ["a"]

    def test_a_file_keeps_its_mode_and_its_attributes(self, tmp_path):
        path = tmp_path / "a"
        path.touch(0o640)
        try:
            os.setxattr(path, "user.keeper", b"Ann")
        except OSError:
            pytest.skip("this file system has no extended attributes")

        write(path, b"new")

        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        assert os.getxattr(path, "user.keeper") == b"Ann"

    @pytest.mark.skipif(not ROOT, reason="only root may write to a read-only file")
    def test_a_read_only_file_that_one_may_write_to_stays_read_only(self, tmp_path):
        path = tmp_path / "a"
        path.touch(0o444)

        write(path, b"new")

        assert path.read_bytes() == b"new"
        assert stat.S_IMODE(path.stat().st_mode) == 0o444

    def test_nobody_else_can_read_the_temporary_file_of_a_private_one(self, tmp_path):
        path = tmp_path / "a"
        path.touch(0o600)
        modes = []

        def content(file):
            modes.append(stat.S_IMODE(os.fstat(file.fileno()).st_mode))
            file.write(b"new")

        write(path, content)

        assert modes == [0o600]

    @pytest.mark.skipif(not ROOT, reason="only root can give files to others")
    def test_a_file_keeps_its_owner(self, tmp_path):
        path = tmp_path / "a"
        path.touch()
        os.chown(path, 12345, 23456)

        write(path, b"new")

        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)

    def test_a_file_with_an_owner_that_cannot_be_kept_is_refused(self, tmp_path, monkeypatch):
        path = tmp_path / "a"
        path.write_bytes(b"old")
        owner = path.stat()

        def refused(*_):
            raise PermissionError(errno.EPERM, "Operation not permitted")

        class Other:
            st_uid, st_gid = owner.st_uid + 1, owner.st_gid
            st_mode, st_nlink = owner.st_mode, 1

        monkeypatch.setattr(os, "fchown", refused)
        monkeypatch.setattr(Folder, "status", lambda *_: Other)

        with pytest.raises(OSError, match=r"belongs to user \d+ and group \d+") as caught:
            write(path, b"new")

        assert caught.value.filename == str(path)
        assert path.read_bytes() == b"old"
        assert names(tmp_path) == ["a"]

    @pytest.mark.parametrize(
        ("make", "told"),
        [
            (lambda patch, _: patch.setattr(Folder, "may_write_to", lambda *_: False), "read-only"),
            (lambda _, path: os.link(path, path.with_name("b")), "has 2 names (hard links)"),
        ],
        ids=["read-only", "hard links"],
    )
    def test_what_would_not_be_kept_is_refused_in_words(self, tmp_path, monkeypatch, make, told):
        path = tmp_path / "a"
        path.write_bytes(b"old")
        make(monkeypatch, path)
        before = names(tmp_path)

        with pytest.raises(OSError, match=r"^") as caught:
            write(path, b"new")

        assert told in caught.value.strerror
        assert caught.value.filename == str(path)
        assert (path.read_bytes(), names(tmp_path)) == (b"old", before)

    def test_a_folder_in_its_place_is_an_error_that_leaves_nothing(self, tmp_path):
        (tmp_path / "a").mkdir()

        with pytest.raises(IsADirectoryError) as caught:
            write(tmp_path / "a", b"new")

        assert caught.value.filename == str(tmp_path / "a")
        assert names(tmp_path) == ["a"]

    def test_a_full_disk_names_the_file_and_leaves_the_old_one(self, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(b"old")

        def full(file):
            file.write(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.raises(OSError, match="No space left") as caught:
            write(path, full)

        assert caught.value.filename == str(path)
        assert (path.read_bytes(), names(tmp_path)) == (b"old", ["a"])

    def test_a_long_name_leaves_room_for_the_temporary_one(self, tmp_path):
        write(tmp_path / ("n" * 255), b"new")

        assert names(tmp_path) == ["n" * 255]

    def test_what_is_no_regular_file_is_written_to_and_not_replaced(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)

        write(tmp_path / "pipe", b"new")

        assert os.read(reader, 10) == b"new"
        os.close(reader)
        assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)

    def test_names_that_a_shell_has_for_open_files_are_written_to(self, tmp_path):
        with (tmp_path / "out").open("wb") as out:
            out.write(b"before ")
            out.flush()
            write(f"/proc/self/fd/{out.fileno()}", b"after")

        assert (tmp_path / "out").read_bytes() == b"before after"

    def test_a_writer_that_dies_leaves_the_old_file_and_the_next_run_cleans_up(self, tmp_path):
        path = tmp_path / "claims.toml"
        path.write_text("old")
        script = (
            "import os, sys\n"
            "from claimtrack import atomic\n"
            "os.fsync = lambda _: os._exit(7)\n"
            "atomic.write(sys.argv[1], b'new')\n"
        )

        run = subprocess.run([sys.executable, "-c", script, path], check=False)

        assert run.returncode == 7
        assert path.read_text() == "old"
        left = [name for name in names(tmp_path) if name != path.name]
        assert len(left) == 1
        assert TEMPORARY.fullmatch(left[0])

        write(path, b"new")

        assert names(tmp_path) == [path.name]


class TestLeftovers:
    def test_what_only_looks_like_one_stays(self, tmp_path):
        (tmp_path / "victim").write_text("precious")
        (tmp_path / LEFTOVER).symlink_to("victim")
        (tmp_path / LEFTOVER.replace("0", "1")).mkdir()
        (tmp_path / f"{LEFTOVER}.txt").write_text("mine")
        os.link(tmp_path / "victim", tmp_path / LEFTOVER.replace("0", "2"))
        before = names(tmp_path)

        write(tmp_path / "a", b"new")

        assert names(tmp_path) == sorted([*before, "a"])
        assert (tmp_path / "victim").read_text() == "precious"

    def test_a_run_that_still_writes_is_waited_for(self, tmp_path, monkeypatch):
        monkeypatch.setattr(atomic, "_LOCK_PAUSE", 0)
        with Writing() as writing:
            writing.stage(writing.folder(tmp_path), "a", b"first")

            with pytest.raises(
                OSError, match="another run of claimtrack is writing there"
            ) as caught:
                write(tmp_path / "b", b"second")

            assert caught.value.filename == str(tmp_path / "b")
            writing.move()

        assert names(tmp_path) == ["a"]


class TestLinks:
    def test_a_link_to_a_file_below_its_folder_stays_one(self, tmp_path):
        (tmp_path / "below").mkdir()
        (tmp_path / "below" / "real").write_bytes(b"old")
        (tmp_path / "link").symlink_to("below/real")

        write(tmp_path / "link", b"new")

        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "below" / "real").read_bytes() == b"new"

    @pytest.mark.parametrize("there", [True, False])
    def test_a_link_that_leads_out_of_its_folder_is_refused(self, tmp_path, there):
        victim, folder = tmp_path / "victim", tmp_path / "folder"
        folder.mkdir()
        if there:
            victim.write_bytes(b"precious")
        (folder / "a").symlink_to("../victim")

        with pytest.raises(OSError, match="a link leads out of its folder") as caught:
            write(folder / "a", b"new")

        assert caught.value.filename == str(folder / "a")
        assert victim.exists() is there
        assert not there or victim.read_bytes() == b"precious"

    def test_a_folder_that_the_user_named_may_be_a_link(self, tmp_path):
        (tmp_path / "real").mkdir()
        (tmp_path / "link").symlink_to("real")

        write(tmp_path / "link" / "a", b"new")

        assert (tmp_path / "real" / "a").read_bytes() == b"new"

    def test_below_a_root_no_link_leads_out(self, tmp_path):
        (tmp_path / "root").mkdir()
        (tmp_path / "other").mkdir()
        (tmp_path / "root" / "sub").symlink_to("../other")

        with pytest.raises(OSError, match="leads out"):
            place_of(tmp_path / "root" / "sub" / "a", tmp_path / "root")
        with Writing() as writing, pytest.raises(OSError, match="is a link") as caught:
            writing.folder(tmp_path / "root", "sub", make=True)
        assert caught.value.filename == str(tmp_path / "root" / "sub")

    def test_a_link_that_takes_the_place_of_a_folder_is_not_followed(self, tmp_path):
        """What is swapped after the way was looked at is refused when it is opened."""
        (tmp_path / "other").mkdir()
        (tmp_path / "sub").symlink_to("other")
        folder = Folder.at(tmp_path)
        folder.status = lambda _: None  # as if it had been no link a moment ago

        with pytest.raises(OSError, match=r"^"):
            folder.below("sub")
        folder.close()

    def test_the_temporary_file_is_never_one_that_is_there(self, tmp_path, monkeypatch):
        victim = tmp_path / "victim"
        victim.write_bytes(b"precious")
        (tmp_path / LEFTOVER).symlink_to("victim")
        monkeypatch.setattr(atomic.secrets, "token_hex", lambda _: "0" * 32)

        with pytest.raises(FileExistsError):
            write(tmp_path / "a", b"new")

        assert victim.read_bytes() == b"precious"


class TestSeveralFiles:
    def test_all_are_there_before_the_first_is_moved(self, tmp_path):
        with Writing() as writing:
            folder = writing.folder(tmp_path)
            writing.stage(folder, "a", b"1")
            (tmp_path / "b").mkdir()
            with pytest.raises(IsADirectoryError):
                writing.stage(folder, "b", b"2")

        assert names(tmp_path) == ["b"]

    def test_a_move_that_fails_takes_back_those_before_it(self, tmp_path):
        (tmp_path / "a").write_bytes(b"old")
        with Writing() as writing:
            folder = writing.folder(tmp_path)
            writing.stage(folder, "a", b"new", before=b"old")
            writing.stage(folder, "b", b"new", before=None)
            writing.stage(folder, "c", b"new")
            (tmp_path / "c").mkdir()

            with pytest.raises(IsADirectoryError) as caught:
                writing.move()

        assert caught.value.filename == str(tmp_path / "c")
        assert names(tmp_path) == ["a", "c"]
        assert (tmp_path / "a").read_bytes() == b"old"

    @pytest.mark.parametrize("before", [b"old", None])
    def test_a_file_that_was_changed_since_it_was_read_is_not_written_over(self, tmp_path, before):
        with Writing() as writing:
            folder = writing.folder(tmp_path)
            writing.stage(folder, "b", b"new", before=None)
            writing.stage(folder, "a", b"new", before=before)
            (tmp_path / "a").write_bytes(b"by another hand")

            with pytest.raises(ChangedMeanwhileError) as caught:
                writing.move()

        told = f"{str(tmp_path / 'a')!r} was changed meanwhile; nothing is written"
        assert str(caught.value) == told
        assert names(tmp_path) == ["a"]

    def test_many_files_are_synchronised_at_once(self, tmp_path, monkeypatch):
        synced = []
        monkeypatch.setattr(os, "fsync", lambda _: synced.append("one"))
        monkeypatch.setattr(os, "sync", lambda: synced.append("all"))

        with Writing() as writing:
            folder = writing.folder(tmp_path)
            for number in range(100):
                writing.stage(folder, str(number), b"new")
            writing.move()

        assert len(names(tmp_path)) == 100
        assert (synced.count("one"), synced.count("all")) == (32 + 1, 1)

    def test_of_two_writers_at_once_one_is_told(self, tmp_path):
        path = tmp_path / "a"
        path.write_bytes(b"")
        told = []

        def add(word):
            for _ in range(20):
                try:
                    with Writing() as writing:
                        old = path.read_bytes()
                        writing.stage(writing.folder(tmp_path), "a", old + word, before=old)
                        writing.move()
                except ChangedMeanwhileError:
                    told.append(word)

        threads = [threading.Thread(target=add, args=(word,)) for word in (b"x", b"y")]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert len(path.read_bytes()) + len(told) == 40
