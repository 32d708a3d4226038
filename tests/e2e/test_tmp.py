import time
from tests.e2e.world import World
def test_x(world: World) -> None:
    world.arrive(450)
    world.clock.shift(seconds=10)
    for _ in range(4):
        t = time.time()
        r = world.sync()
        print(r.exit_code, r.trouble, [(x.outcome, x.message, x.counts) for x in r.runs], time.time() - t)
    t = time.time()
    world.assert_truth()
    print(time.time() - t, world.crm.calls)
    assert 0
