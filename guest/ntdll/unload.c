/* Unloading: a module stays while imports lead to it from one whose load was asked for. Counting
 * the importing modules would not do, since modules may import from each other in a circle. */
#include "loader.h"

static VOID Keep(struct module *module)
{
    if (module->kept)
        return;
    module->kept = TRUE;
    for (ULONG i = 0; i < module->needed_count; i++)
        Keep(module->needed[i]);
}

static VOID MarkKept(void)
{
    FOR_EACH_MODULE(module)
        module->kept = FALSE;
    FOR_EACH_MODULE(module)
        if (module->references || module->attaching)
            Keep(module);
}

static struct module *Doom(struct module *module, struct module *next)
{
    if (module->kept || module->entry.Flags & LDRP_UNLOAD_IN_PROGRESS)
        return next;
    module->entry.Flags |= LDRP_UNLOAD_IN_PROGRESS;
    module->next_doomed = next;
    return module;
}

/* The modules to unload: those attached, last attached first, then the others. */
static struct module *DoomUnused(void)
{
    struct module *doomed = NULL;
    PLIST_ENTRY head = &NtPeb()->Ldr->InInitializationOrderModuleList;
    FOR_EACH_MODULE(module)
        if (!(module->entry.Flags & LDRP_PROCESS_ATTACH_CALLED))
            doomed = Doom(module, doomed);
    for (PLIST_ENTRY link = head->Flink; link != head; link = link->Flink)
        doomed = Doom(CONTAINING_RECORD(link, struct module, entry.InInitializationOrderLinks),
                      doomed);
    return doomed;
}

/* A DllMain called here may load and free modules: this may be entered again, and finds those
 * marked already. */
VOID UnloadUnused(void)
{
    MarkKept();
    struct module *doomed = DoomUnused();
    for (struct module *module = doomed; module; module = module->next_doomed)
        DetachModule(module, NULL);
    while (doomed) {
        struct module *module = doomed;
        PVOID base = module->entry.DllBase;
        doomed = module->next_doomed;
        NotifyLoaded(module, 2);
        RemoveModuleTls(module);
        RemoveModule(module);
        NtUnmapViewOfSection(NtCurrentProcess(), base);
    }
}
