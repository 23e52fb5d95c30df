"""Imports every module that declares system calls, so that the table is complete."""

# ruff: noqa: F401  the imports are what counts

from __future__ import annotations

import provider.nt.cm.hive_calls
import provider.nt.cm.key_calls
import provider.nt.cm.notify_calls
import provider.nt.cm.value_calls
import provider.nt.ex.atom_calls
import provider.nt.ex.hard_error
import provider.nt.ex.identifier_calls
import provider.nt.ex.license
import provider.nt.ex.locale_calls
import provider.nt.ex.nls_calls
import provider.nt.ex.processor_topology
import provider.nt.ex.system_calls
import provider.nt.ex.system_query
import provider.nt.ex.time_calls
import provider.nt.io.completion_calls
import provider.nt.io.control_calls
import provider.nt.io.directory_calls
import provider.nt.io.ea_calls
import provider.nt.io.lock_calls
import provider.nt.io.mailslot_calls
import provider.nt.io.notify_calls
import provider.nt.io.open_calls
import provider.nt.io.pipe_calls
import provider.nt.io.query_calls
import provider.nt.io.scatter_calls
import provider.nt.io.set_calls
import provider.nt.io.transfer_calls
import provider.nt.io.volume_calls
import provider.nt.ke.alert_calls
import provider.nt.ke.context_calls
import provider.nt.ke.event_calls
import provider.nt.ke.keyed_event_calls
import provider.nt.ke.mutant_calls
import provider.nt.ke.semaphore_calls
import provider.nt.ke.thread_calls
import provider.nt.ke.thread_query
import provider.nt.ke.timer_calls
import provider.nt.ke.wait_calls
import provider.nt.lpc.connect_calls
import provider.nt.lpc.data_calls
import provider.nt.lpc.message_calls
import provider.nt.missing
import provider.nt.mm.allocation_calls
import provider.nt.mm.paging_calls
import provider.nt.mm.physical_calls
import provider.nt.mm.query_calls
import provider.nt.mm.section_calls
import provider.nt.mm.transfer_calls
import provider.nt.mm.view_calls
import provider.nt.ob.name_calls
import provider.nt.ob.query_calls
import provider.nt.ob.security_calls
import provider.nt.ob.syscalls
import provider.nt.ps.create_calls
import provider.nt.ps.create_process_calls
import provider.nt.ps.job_calls
import provider.nt.ps.job_query
import provider.nt.ps.ldt_calls
import provider.nt.ps.open_calls
import provider.nt.ps.syscalls
import provider.nt.se.token_calls
import provider.nt.unix_calls
