# prctl(PR_SET_DUMPABLE, 0), before main
        .section .init_array, "aw"
        .quad close
        .text
close:  mov $157, %eax
        mov $4, %edi
        xor %esi, %esi
        syscall
        ret
        .section .note.GNU-stack, "", @progbits
