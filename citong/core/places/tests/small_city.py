"""A made-up city folder for tests: two districts side by side, a street of two communities in each, six base grids."""

import json
from pathlib import Path
from typing import Any

import shapely

WEST, SOUTH, SIDE = 118.60, 24.90, 0.01
TEXTS = {
    "city.toml": """code = "9"
name = "小城"
name_en = "Small City"
zone = "Asia/Shanghai"
datum = "WGS84"

[parameters]
nearby_metres = 150

[limits]
accept = "4 working hours"
""",
    "divisions.csv": """code,parent,name,level,kind,lon,lat,code_nbs2023
9,,小城,city,city,,,900000000000
901,9,东区,district,district,,,901000000000
902,9,西区,district,district,,,902000000000
90101,901,池店镇,street,town,118.605,24.909,901001000000
90201,902,海滨街道,street,street,,,902001000000
9010101,90101,池店村,community,village,,,
9010102,90101,新店村,community,village,,,
9020101,90201,新店村,community,village,,,
9020102,90201,后村,community,village,,,
""",
    "layers.csv": """code,name,name_en,base,order,generated
base,基础网格,Base,yes,0,yes
fire,消防网格,Fire,no,1,yes
""",
    "grids/fire.csv": """code,name,divisions
F1,东消防网格,901
F2,西消防网格,9020101 9020102
""",
    "units.csv": """code,name,level,function,division,parent
9-centre,指挥中心,city,centre,9,
9-fire,消防支队,city,fire,9,9-centre
901-centre,东区中心,district,centre,901,9-centre
901-urban,东区城管局,district,urban,901,901-centre
902-urban,西区城管局,district,urban,902,9-centre
90101-centre,池店镇中心,street,centre,90101,901-centre
9010101-station,池店村网格站,community,station,9010101,90101-centre
""",
    "duties.csv": """order,category,layer,area,to,post,reason,source
10,urban.light,,9/902/,9-centre,handler,West lights,Order 1
20,urban.light,base,,grid,grid_worker,Lights,Order 2
30,urban,,,urban@district,handler,Streets,Order 3
40,safety,fire,F2,902-urban,handler,Western fire grid,Order 4
50,safety,fire,,fire@district,handler,Fire,Order 5
""",
    "categories.csv": """code,parent,name,name_en,kind,description,keywords,function,public,urgent
urban,,城市,City,matter,,,urban,yes,no
urban.light,urban,路灯,Lights,component,,,urban,yes,no
urban.hole,urban,井盖,Covers,component,,,urban,yes,no
safety,,消防,Fire,event,,,fire,yes,yes
""",
    "calendar.csv": "date,working,name,source\n2026-03-03,no,Town day,Order 9\n",
    "routing_examples.csv": """text,category,lon,lat,unit,reason
a light in the east,urban.light,118.605,24.905,9010101-station,Lights
fire in the west,safety,118.645,24.905,902-urban,Western fire
""",
}
GRIDS = [
    ("9010101001", "9010101", 0), ("9010101002", "9010101", 1), ("9010102001", "9010102", 2),
    ("9020101001", "9020101", 3), ("9020101002", "9020101", 4), ("9020102001", "9020102", 5),
]  # fmt: skip


def write_small_city(folder: Path) -> Path:
    """The folder holds the small city."""
    (folder / "grids").mkdir(parents=True, exist_ok=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    write_features(folder / "districts.geojson", [("901", "", strip(0, 3)), ("902", "", strip(3, 6))])
    write_features(folder / "grids/base.geojson", [(code, div, strip(at, at + 1)) for code, div, at in GRIDS])
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    """In one file of the folder the old text, which must be there, is the new one."""
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), "utf-8")


def strip(first: float, last: float) -> shapely.Polygon:
    """From one column of the city to another, exact to five decimals."""
    return shapely.box(round(WEST + first * SIDE, 5), SOUTH, round(WEST + last * SIDE, 5), SOUTH + SIDE)


def write_features(path: Path, rows: list[tuple[str, str, Any]]) -> None:
    """A GeoJSON file of (code, division, outline)."""
    features = [
        {
            "type": "Feature", "properties": {"code": code, "name": code, "division": division},
            "geometry": json.loads(shapely.to_geojson(outline)),
        }
        for code, division, outline in rows
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
