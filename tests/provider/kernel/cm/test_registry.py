from __future__ import annotations

import pytest

from provider.kernel.cm.key import LINK_KIND, LINK_VALUE, Key, Value
from provider.kernel.cm.notify import MOST_REQUESTS, Change, NotifyEnd, Request
from provider.kernel.cm.registry import MAX_DEPTH, MAX_KEY_NAME, Registry
from provider.kernel.errors import KernelError, Reason


@pytest.fixture
def registry() -> Registry:
    made = Registry()
    made.ensure("MACHINE\\HIVE")
    return made


@pytest.fixture
def hive(registry: Registry) -> Key:
    return registry.find(registry.root, "machine\\hive")


def link_to(registry: Registry, link: Key, target: str) -> None:
    registry.set_value(link, Value(LINK_VALUE, LINK_KIND, target.encode("utf-16-le")), 0)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("a\\b", Reason.OBJECT_NAME_NOT_FOUND),
        ("a" * (MAX_KEY_NAME + 1), Reason.INVALID_PARAMETER),
        ("a" * (MAX_KEY_NAME + 1) + "\\b", Reason.INVALID_PARAMETER),
    ],
)
def test_bad_names(registry: Registry, hive: Key, path: str, reason: Reason) -> None:
    with pytest.raises(KernelError) as caught:
        registry.create(hive, path, 0)
    assert caught.value.reason is reason


def test_depth_is_bounded(registry: Registry, hive: Key) -> None:
    key = hive
    while key.depth < MAX_DEPTH:
        key, _ = registry.create(key, "x", 0)
    with pytest.raises(KernelError, match="INVALID_PARAMETER"):
        registry.create(key, "x", 0)
    assert key.path.count("\\x") == MAX_DEPTH - 2


def test_below_a_volatile_key_all_is_volatile(registry: Registry, hive: Key) -> None:
    above, _ = registry.create(hive, "above", 0, is_volatile=True)
    with pytest.raises(KernelError, match="CHILD_MUST_BE_VOLATILE"):
        registry.create(above, "below", 0)
    below, _ = registry.create(above, "below", 0, is_volatile=True)
    assert below.is_volatile


def test_links_are_followed_and_made_through(registry: Registry, hive: Key) -> None:
    link, _ = registry.create(hive, "link", 0, is_link=True)
    with pytest.raises(KernelError, match="OBJECT_NAME_NOT_FOUND"):
        registry.find(hive, "link")
    with pytest.raises(KernelError, match="ACCESS_DENIED"):
        registry.set_value(link, Value("other", 1, b""), 0)
    link_to(registry, link, "\\Registry\\Machine\\Hive\\target")
    with pytest.raises(KernelError, match="OBJECT_NAME_NOT_FOUND"):
        registry.find(hive, "link")
    target, is_new = registry.create(hive, "link", 0)
    assert is_new
    assert target is registry.find(hive, "LINK") is registry.find(hive, "target")
    assert registry.find(hive, "link", open_link=True) is link
    with pytest.raises(KernelError, match="OBJECT_NAME_COLLISION"):
        registry.create(hive, "link", 0, is_link=True)
    assert registry.create(hive, "link\\below", 0)[0].parent is target


def test_links_in_a_circle(registry: Registry, hive: Key) -> None:
    link, _ = registry.create(hive, "link", 0, is_link=True)
    link_to(registry, link, "\\Registry\\Machine\\Hive\\link\\more")
    with pytest.raises(KernelError, match="INVALID_PARAMETER"):
        registry.find(hive, "link")


def test_deleted_keys_hold_no_bytes(registry: Registry, hive: Key) -> None:
    before = registry.used_bytes
    key, _ = registry.create(hive, "key", 0)
    registry.set_value(key, Value("value", 3, bytes(1000)), 0)
    registry.set_security(key, bytes(100))
    registry.delete(key, 0)
    registry.delete(key, 0)
    assert registry.used_bytes == before
    assert not key.values()


def test_hives_and_what_is_above_them_stay(registry: Registry, hive: Key) -> None:
    for key in (registry.root, hive.parent, hive):
        assert key is not None
        with pytest.raises(KernelError, match="CANNOT_DELETE"):
            registry.delete(key, 0)
        with pytest.raises(KernelError, match="CANNOT_DELETE"):
            registry.rename(key, "other", 0)


def test_renaming(registry: Registry, hive: Key) -> None:
    key, _ = registry.create(hive, "b", 1)
    below, _ = registry.create(key, "below", 1)
    registry.create(hive, "c", 1)
    for name in ("b", "C"):
        with pytest.raises(KernelError, match="CANNOT_DELETE"):
            registry.rename(key, name, 2)
    for name in ("", "x\\y", "x" * (MAX_KEY_NAME + 1)):
        with pytest.raises(KernelError, match="INVALID_PARAMETER"):
            registry.rename(key, name, 2)
    registry.rename(key, "d", 2)
    assert [subkey.name for subkey in hive.subkeys()] == ["c", "d"]
    assert below.path == "\\REGISTRY\\MACHINE\\HIVE\\d\\below"
    assert (key.written, hive.written) == (2, 2)


def test_who_is_told_of_a_change(registry: Registry, hive: Key) -> None:
    key, _ = registry.create(hive, "key", 0)
    ends: list[str] = []

    def request(name: str) -> Request:
        return Request(None, lambda end: ends.append(f"{name} {end.name}"))

    names = registry.watch(hive, Change.NAME, subtree=False)
    tree = registry.watch(hive, Change.LAST_SET, subtree=True)
    assert names.wait(request("names"))
    assert tree.wait(request("tree"))
    registry.create(key, "below", 0)
    assert ends == []
    registry.set_value(key, Value("v", 1, b""), 0)
    assert ends == ["tree CHANGED"]
    registry.create(hive, "other", 0)
    assert ends == ["tree CHANGED", "names CHANGED"]
    registry.delete_value(key, "v", 0)
    assert not tree.wait(request("late")), "a change that nobody knew of"
    assert tree.wait(request("tree"))
    tree.close()
    assert ends[2:] == ["tree CLOSED"]
    assert tree not in hive.watches


def test_requests_are_bounded(registry: Registry, hive: Key) -> None:
    watch = registry.watch(hive, Change.NAME, subtree=False)
    for _ in range(MOST_REQUESTS):
        assert watch.wait(Request(None, lambda end: None))
    with pytest.raises(KernelError, match="INSUFFICIENT_RESOURCES"):
        watch.wait(Request(None, lambda end: None))


def test_deleting_a_key_ends_its_notifications(registry: Registry, hive: Key) -> None:
    key, _ = registry.create(hive, "key", 0)
    ends: list[NotifyEnd] = []
    registry.watch(key, Change.NAME, subtree=False).wait(Request(None, ends.append))
    registry.delete(key, 0)
    assert ends == [NotifyEnd.CLOSED]


def test_grafted_hives_are_charged_and_named(registry: Registry) -> None:
    users = registry.find(registry.root, "user")
    before = registry.used_bytes
    stray = Key("x", None, 0)
    stray.put(Value("v", 3, bytes(500)))
    registry.graft(users, "me", stray)
    with pytest.raises(KernelError, match="OBJECT_NAME_COLLISION"):
        registry.graft(users, "ME", Key("x", None, 0))
    with pytest.raises(KernelError, match="INVALID_PARAMETER"):
        registry.graft(stray, "deep", Key("x", None, 0))
    assert stray.path == "\\REGISTRY\\USER\\me"
    registry.discard(stray, 0)
    assert registry.used_bytes == before
