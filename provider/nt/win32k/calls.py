"""Imports every module that declares calls of win32u, which happens when that is mapped first."""

# ruff: noqa: F401  the imports are what counts

from __future__ import annotations

import provider.nt.win32k.class_calls
import provider.nt.win32k.context_calls
import provider.nt.win32k.cursor_calls
import provider.nt.win32k.input_calls
import provider.nt.win32k.menu_calls
import provider.nt.win32k.message_calls
import provider.nt.win32k.metric_calls
import provider.nt.win32k.object_calls
import provider.nt.win32k.queue_calls
import provider.nt.win32k.relation_calls
import provider.nt.win32k.start_calls
import provider.nt.win32k.station_calls
import provider.nt.win32k.window_calls
import provider.nt.win32k.window_data
