"""What the `do` steps of a playbook can call: `playbooks/tools.yaml` names the tools of a workspace.

Each entry is one of three kinds:

```yaml
# 1. A table: its answers stand here. For demos and tests.
order_lookup:
  description: Finds an order by its number.
  key: order_number             # the argument that selects the record
  records:
    BL-104233: {found: true, total: 189, delivered_on: 2026-03-02}
  otherwise: {found: false}     # without it, a call that no record fits fails

# 2. A Python function of the company: `file:function`, the file beside tools.yaml or elsewhere in the workspace;
#    or `package.module:function`; or the name of an entry point in the group `kit.tools`.
refund_create:
  python: "tools.py:refund_create"
  description: Starts a refund.
  changes: true                 # it alters something: the customer is asked first, and it is never tried again
  timeout: 20                   # seconds; 10 where nothing is said
  mock: {otherwise: {ok: true, reference: RF-1}}      # what tests and demos get; they never call the function

# 3. An operation of an HTTP API that an OpenAPI 3 file in the workspace describes.
parcel_status:
  openapi: parcels.yaml
  operation: getParcel          # its operationId; or `GET /parcels/{id}`, where it has none
  server: https://parcels.example.com/v1              # where the file's own `servers` is not the one to call
  headers: {Authorization: "Bearer ${PARCELS_TOKEN}"} # secrets come from the environment only
  found: true                   # 404 is an answer: `{found: false}`; every other answer gets `found: true`
  returns: {status: text, days_since_shipping: number}
  mock: {key: parcel_id, records: {P-1: {found: true, status: on its way, days_since_shipping: 2}}}
```

`returns` says what a playbook may refer to, and its type: `text`, `number`, `money`, `date`, `yes_no`, `list` or `any`.
Left out, it follows from the table, from the function's return annotation (a TypedDict, dataclass or Pydantic model),
or from the response's schema. An answer of another type is no answer; `null` and a missing key are allowed, as what
an answer need not have. Stated for an API, `returns` is also all that is kept of its answers, and an amount that the
API writes as text becomes the number that it is.

The names of an API are written the playbook's way on both sides: its `orderId` is `order_id` here.
"""

from kit.playbooks.tools.calling import call_tool
from kit.playbooks.tools.loading import check_tools, load_tools
from kit.playbooks.tools.mocks import Call, Mock, MockAnswer, MockTools
from kit.playbooks.tools.table import TableTool
from kit.playbooks.tools.tools import FailureKind, Kind, Tool, ToolFailure

__all__ = [
    "Call",
    "FailureKind",
    "Kind",
    "Mock",
    "MockAnswer",
    "MockTools",
    "TableTool",
    "Tool",
    "ToolFailure",
    "call_tool",
    "check_tools",
    "load_tools",
]
