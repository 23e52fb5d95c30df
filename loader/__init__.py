"""From the bytes of a file to an Image.

Here belongs what a format's specification says: headers, sections, directories, the shapes of
system-call stubs, api-set maps.  It must not know any machine, kernel or process: nothing here
maps memory, and nothing imports another package of ours.
"""
