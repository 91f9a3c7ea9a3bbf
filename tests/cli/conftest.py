"""A small registry in a file, with something of everything that the commands print."""

import pytest

PIPELINES = """
[registry]
title = "Pipelines"
policy = { grace = 14 }

[[speaker]]
id = "miller"
name = "Alexei Miller"

[[speaker]]
id = "skeptic"

[[source]]
id = "press-2017"
title = "On track"
publisher = "The Press"
author = "A. Writer"
published = 2017-07-06
tier = "press"
url = "https://press.example/on-track"

[[source]]
id = "wire-2019"
publisher = "The Wire"
published = 2019-12-02
tier = "wire"

[[source]]
id = "copy-2019"
publisher = "A Copy"
origin = "The Wire"
published = 2019-12-03

[[source]]
id = "blog"
publisher = "A Blog"

[[fact]]
id = "siberia/first-gas"
kind = "event"
title = "First gas crosses to China"
once = true

[[fact]]
id = "siberia/flow"
kind = "quantity"
title = "Flow through the line"
unit = "bcm/year"

[[evidence]]
id = "gas-wire"
fact = "siberia/first-gas"
source = "wire-2019"
happened = 2019-12-02

[[evidence]]
id = "gas-copy"
fact = "siberia/first-gas"
source = "copy-2019"
happened = 2019-12-02

[[evidence]]
id = "gas-blog"
fact = "siberia/first-gas"
source = "blog"
happened = "2019"

[[evidence]]
id = "flow-2019"
fact = "siberia/flow"
source = "wire-2019"
value = [0.2, 0.4]
when = 2019-12-02

[[claim]]
id = "gas-by-2019"
speaker = "miller"
said = 2017-07-04
source = "press-2017"
quote = "gas will flow by the end of 2019"
quote_kind = "indirect"
proposition = "Gas flows to China by the end of 2019."
kind = "promise"
criterion = { event = "siberia/first-gas", by = 2019-12-31 }
status = "held"
topics = ["energy"]

[[claim.reading]]
name = "as first promised"
criterion = { event = "siberia/first-gas", by = 2018-12-31 }

[[claim]]
id = "flow-of-38"
speaker = "miller"
said = 2017-07-04
source = "press-2017"
quote = "and 38 bcm a year by 2024"
kind = "prediction"
criterion = { quantity = "siberia/flow", at_least = 38, unit = "bcm/year", by = 2024-12-31 }
topics = ["energy", "trade"]

[[claim]]
id = "a-mistake"
speaker = "skeptic"
said = "2020"
source = "copy-2019"
quote = "it was a mistake"
kind = "opinion"
not_checkable = "an opinion"
"""


@pytest.fixture
def pipelines(tmp_path):
    path = tmp_path / "pipelines.toml"
    path.write_text(PIPELINES, "utf-8")
    return path
