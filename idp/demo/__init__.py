"""The demonstration: five invented organisations, a closed year and one left in the middle.

Everything goes through the services that the pages use, under a simulated clock.
"""

from idp.demo.database import demo_is_there
from idp.demo.errors import DemonstrationError
from idp.demo.run import run_demo

__all__ = ["DemonstrationError", "demo_is_there", "run_demo"]
