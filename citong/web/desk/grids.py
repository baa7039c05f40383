"""The grids around a case, for its small map."""

import json

import shapely
from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from citong.core.cases.models import Case
from citong.core.places.models import Grid
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.found import case_for

DIGITS = 6
MOST = 400


@require_GET
@staff()
def case_grids(request: HttpRequest, number: str) -> HttpResponseBase:
    """GeoJSON (WGS-84) of the case's own base grid and its neighbours in the community; one query besides the case."""
    case = case_for(actor_of_request(request), number)
    features = [_feature(grid, case) for grid in Grid.objects.filter(_around(case))[:MOST]]
    return JsonResponse({"type": "FeatureCollection", "features": features}, content_type="application/geo+json")


def _around(case: Case) -> Q:
    neighbours = Q(layer__base=True, division__code=case.community, ends_at=None) if case.community else Q(pk__in=[])
    return neighbours | Q(pk=case.grid_id)


def _feature(grid: Grid, case: Case) -> dict[str, object]:
    outline = shapely.set_precision(shapely.from_wkb(bytes(grid.outline)), 10**-DIGITS)
    said = {"code": grid.code, "name": grid.name, "own": grid.pk == case.grid_id}
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(outline)), "properties": said}
